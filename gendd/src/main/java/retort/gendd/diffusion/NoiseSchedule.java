package retort.gendd.diffusion;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/// How fast the forward process drowns a clean token in noise, and what follows from it: the
/// coefficients of "Denoising diffusion probabilistic models" (arXiv 2006.11239, sections 2 and 3),
/// all in double precision. Step `i` runs from 0, almost clean, to `steps() - 1`, almost pure
/// noise.
///
/// A respaced schedule walks a subset of the steps with the same noise levels; the network is
/// always asked about the original step, [#timestep].
public final class NoiseSchedule {
  /// The offset s of the cosine schedule keeps the first betas above zero, and the bound keeps the
  /// last one below one ("Improved denoising diffusion probabilistic models", arXiv 2102.09672,
  /// section 3.2).
  private static final double COSINE_OFFSET = 0.008;

  private static final double LARGEST_BETA = 0.999;

  private final int[] timesteps;
  private final double[] beta;
  private final double[] alphaBar;

  private NoiseSchedule(int[] timesteps, double[] beta) {
    this.timesteps = timesteps;
    this.beta = beta;
    alphaBar = new double[beta.length];
    double product = 1;
    for (int i = 0; i < beta.length; i++) alphaBar[i] = product *= 1 - beta[i];
  }

  /// beta_i = min(1 - g((i+1)/n) / g(i/n), 0.999), g(u) = cos^2((u + s) / (1 + s) pi/2).
  public static NoiseSchedule cosine(int steps) {
    return of(
        steps, i -> Math.min(1 - cosineLevel(i + 1, steps) / cosineLevel(i, steps), LARGEST_BETA));
  }

  private static double cosineLevel(int i, int steps) {
    double u = (double) i / steps;
    double c = Math.cos((u + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2);
    return c * c;
  }

  /// beta from 0.0001 to 0.02 in equal steps, scaled so that any number of steps ends equally
  /// noisy.
  public static NoiseSchedule linear(int steps) {
    double scale = 1000.0 / steps, first = scale * 1e-4, last = scale * 0.02;
    return of(steps, i -> steps == 1 ? last : first + (last - first) * i / (steps - 1));
  }

  private static NoiseSchedule of(int steps, IntToDoubleFunction beta) {
    if (steps < 1)
      throw new IllegalArgumentException("a noise schedule wants at least 1 step, got " + steps);
    int[] all = new int[steps];
    Arrays.setAll(all, i -> i);
    double[] b = new double[steps];
    Arrays.setAll(b, beta);
    return new NoiseSchedule(all, b);
  }

  /// The same process seen only at some of its steps, given in rising order.
  public NoiseSchedule respaced(int... kept) {
    double[] b = new double[kept.length];
    int[] original = new int[kept.length];
    double before = 1;
    for (int i = 0; i < kept.length; i++) {
      int k = kept[i];
      if (k < 0 || k >= steps() || i > 0 && k <= kept[i - 1]) {
        throw new IllegalArgumentException(
            "respaced: the kept steps must rise within 0 to "
                + (steps() - 1)
                + ", got "
                + Arrays.toString(kept));
      }
      original[i] = timesteps[k];
      b[i] = 1 - alphaBar[k] / before;
      before = alphaBar[k];
    }
    return new NoiseSchedule(original, b);
  }

  public int steps() {
    return beta.length;
  }

  /// The original step that step `i` of a respaced schedule stands for.
  public int timestep(int i) {
    return timesteps[i];
  }

  public double beta(int i) {
    return beta[i];
  }

  /// The share of the clean signal's variance that is left after step `i`.
  public double alphaBar(int i) {
    return alphaBar[i];
  }

  /// [#alphaBar] of the step before, 1 before the first.
  public double alphaBarBefore(int i) {
    return i == 0 ? 1 : alphaBar[i - 1];
  }

  // ---- the posterior q(x_{i-1} | x_i, x_0), a Gaussian

  /// The weight of x_0 in its mean.
  public double posteriorOfClean(int i) {
    return beta[i] * Math.sqrt(alphaBarBefore(i)) / (1 - alphaBar[i]);
  }

  /// The weight of x_i in its mean.
  public double posteriorOfNoisy(int i) {
    return (1 - alphaBarBefore(i)) * Math.sqrt(1 - beta[i]) / (1 - alphaBar[i]);
  }

  public double posteriorVariance(int i) {
    return beta[i] * (1 - alphaBarBefore(i)) / (1 - alphaBar[i]);
  }

  /// Its logarithm. The variance of step 0 is zero, so the next step's stands in; a schedule of one
  /// step has no next one, and takes beta.
  public double posteriorLogVariance(int i) {
    if (steps() == 1) return Math.log(beta[0]);
    return Math.log(posteriorVariance(Math.max(i, 1)));
  }

  /// A value for each step, looked up by step number in training.
  double[] table(IntToDoubleFunction value) {
    double[] t = new double[steps()];
    Arrays.setAll(t, value);
    return t;
  }
}
