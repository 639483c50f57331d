package retort.gendd.diffusion;

import java.util.Arrays;
import java.util.stream.IntStream;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The term of the variational bound that trains the variance of the reverse steps, in bits a
/// number (arXiv 2102.09672, section 3.1): the divergence of the model's step from the posterior,
/// and at step 0 the likelihood of the clean token under the model's Gaussian, cut into bins of
/// 2/255 as if it were an image.
///
/// The mean is held fixed. Posterior and model differ in their means by a multiple of the error in
/// the noise, so neither mean has to be computed.
final class VariationalBound {
  private static final double HALF_BIN = 1.0 / 255, EDGE = 0.999, TINY = 1e-12;

  /// Phi(u) is about (1 + tanh(ROOT (u + CUBIC u^3))) / 2.
  private static final double ROOT = Math.sqrt(2 / Math.PI), CUBIC = 0.044715;

  private final double[] middle, halfRange, posterior, meanShift, cleanShift;

  VariationalBound(NoiseSchedule s) {
    middle = s.table(i -> (Math.log(s.beta(i)) + s.posteriorLogVariance(i)) / 2);
    halfRange = s.table(i -> (Math.log(s.beta(i)) - s.posteriorLogVariance(i)) / 2);
    posterior = s.table(s::posteriorLogVariance);
    cleanShift = s.table(i -> Math.sqrt(1 / s.alphaBar(i) - 1));
    meanShift = s.table(i -> Math.pow(s.posteriorOfClean(i) * cleanShift[i], 2));
  }

  /// @param v where the log-variance lies: -1 at the posterior's, 1 at log beta, `[rows, d]`
  /// @param error the predicted noise minus the true one, detached, `[rows, d]`
  /// @return the term of each row `[rows]`
  Tensor of(Tensor v, Tensor error, Tensor x0, int[] t) {
    Tensor logVariance = v.mul(Diffusion.column(halfRange, t)).add(Diffusion.column(middle, t));
    Tensor bits = divergence(logVariance, error, t).mean(-1).mul(1 / Math.log(2));
    int[] first = IntStream.range(0, t.length).filter(i -> t[i] == 0).toArray();
    if (first.length == 0) return bits;
    Tensor likelihood =
        negativeLogLikelihood(logVariance.gather(first), error.gather(first), x0.gather(first))
            .mean(-1)
            .mul(1 / Math.log(2));
    int[] place = IntStream.range(0, t.length).toArray();
    for (int j = 0; j < first.length; j++) place[first[j]] = t.length + j;
    return Tensor.concat(0, bits, likelihood).gather(place);
  }

  /// KL(N(m1, e^lv1) || N(m2, e^lv2)) = (-1 + lv2 - lv1 + e^(lv1-lv2) + (m1-m2)^2 e^-lv2) / 2
  private Tensor divergence(Tensor logVariance, Tensor error, int[] t) {
    Tensor ahead = logVariance.sub(Diffusion.column(posterior, t));
    Tensor distance = error.square().mul(Diffusion.column(meanShift, t));
    return ahead
        .add(ahead.neg().exp())
        .add(distance.mul(logVariance.neg().exp()))
        .affine(0.5, -0.5);
  }

  /// For rows at step 0, where the model's mean is its clean token.
  private Tensor negativeLogLikelihood(Tensor logVariance, Tensor error, Tensor x0) {
    Tensor perDeviation = logVariance.mul(-0.5).exp();
    Tensor offset = error.mul(cleanShift[0]); // x0 - mean
    Tensor upTo = normalCdf(offset.add(HALF_BIN).mul(perDeviation));
    Tensor below = normalCdf(offset.add(-HALF_BIN).mul(perDeviation));
    double[] x = x0.toDoubles();
    Tensor low = indicator(x0.shape(), Arrays.stream(x).map(a -> a < -EDGE ? 1 : 0).toArray());
    Tensor high = indicator(x0.shape(), Arrays.stream(x).map(a -> a > EDGE ? 1 : 0).toArray());
    // The outermost bins reach to infinity: upTo is 1 in the highest, below is 0 in the lowest.
    Tensor p = upTo.mul(high.affine(-1, 1)).add(high).sub(below.mul(low.affine(-1, 1)));
    return p.clamp(TINY, Double.POSITIVE_INFINITY).log().neg();
  }

  private static Tensor indicator(Shape shape, double[] values) {
    return Tape.current().input(shape, values);
  }

  private static Tensor normalCdf(Tensor u) {
    return u.square().affine(CUBIC, 1).mul(u).mul(ROOT).tanh().affine(0.5, 0.5);
  }
}
