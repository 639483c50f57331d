package retort.gendd.theory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import retort.gendd.OnDevices;
import retort.tensor.Philox;

class ContractionTest {
  private static final double[] F = OnDevices.wave(6, 2, 1.3, .2);
  private static final double[] X = OnDevices.wave(6, 1.5, .7, .9);
  private static final double LAMBDA = .7, OMEGA = .8;
  private static final Contraction T = with(F, 2, LAMBDA);

  private static Contraction with(double[] f, int y, double lambda) {
    double[][] w = new double[4][];
    for (int k = 0; k < 4; k++) w[k] = OnDevices.wave(6, 1, 1.9, k);
    return new Contraction(f, w, OnDevices.wave(4, .3, 1, 1), y, lambda, OMEGA);
  }

  private static void near(double[] actual, double[] expected, double tolerance) {
    for (int j = 0; j < expected.length; j++)
      assertThat(actual[j]).isCloseTo(expected[j], within(tolerance));
  }

  private static double[] slope(ToDoubleFunction<double[]> loss) {
    double[] g = new double[X.length];
    for (int j = 0; j < g.length; j++) {
      double[] up = X.clone(), down = X.clone();
      up[j] += 1e-5;
      down[j] -= 1e-5;
      g[j] = (loss.applyAsDouble(up) - loss.applyAsDouble(down)) / 2e-5;
    }
    return g;
  }

  private static double square(double[] x, double[] to) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) sum += OMEGA * (x[j] - to[j]) * (x[j] - to[j]);
    return sum;
  }

  private static double[] contracted(Contraction c) {
    double[] s = c.scaledFeature();
    for (int j = 0; j < s.length; j++) s[j] += c.lambda() * c.w()[c.y()][j];
    return s;
  }

  @Test
  void gradientsAreTheSlopesOfTheirLosses() {
    near(T.generative(X), slope(x -> square(x, contracted(T))), 1e-6);
    near(T.reconstruction(X, F), slope(x -> square(x, F)), 1e-6);
    near(T.classification(X), slope(x -> -Math.log(T.probabilities(x)[2])), 1e-6);
    double p = T.probabilities(X)[2];
    double[] closed = T.others(X);
    for (int j = 0; j < 6; j++) closed[j] = -(1 - p) * (T.w()[2][j] - closed[j]);
    near(T.classification(X), closed, 1e-12);
  }

  @Test
  void theResidualsAreExact() {
    double beta = T.matchingWeight(X);
    double[] g = T.generative(X), others = T.others(X);
    double[] literal = T.multiTask(X, F, beta), scaled = T.multiTask(X, T.scaledFeature(), beta);
    for (int j = 0; j < 6; j++) {
      double residual = 2 * OMEGA * LAMBDA;
      assertThat(literal[j] - g[j]).isCloseTo(residual * (others[j] - F[j]), within(1e-12));
      assertThat(scaled[j] - g[j]).isCloseTo(residual * others[j], within(1e-12));
    }
  }

  @Test
  void underNeuralCollapseTheObjectivesAgree() {
    int classes = 5;
    double[][] w = new double[classes][classes]; // a simplex: unit vectors less their mean
    for (int k = 0; k < classes; k++) {
      Arrays.fill(w[k], -1.0 / classes);
      w[k][k] += 1;
    }
    double[] f = OnDevices.wave(classes, 2, 1.3, .2);
    Contraction c = new Contraction(f, w, new double[classes], 1, LAMBDA, OMEGA);
    for (double scale : new double[] {-1, .5, 1, 2, 4}) { // five values of p_y
      double[] x = Arrays.stream(w[1]).map(v -> scale * v).toArray();
      double beta = c.matchingWeight(x) * (classes - 1) / classes;
      near(c.multiTask(x, c.scaledFeature(), beta), c.generative(x), 1e-12);
    }
  }

  @Test
  void theRuleForTheLabelIsBruteForces() {
    int wins = 0;
    for (int i = 0; i < 200; i++) {
      Philox draws = new Philox(9, i);
      double[] f = new double[6];
      for (int j = 0; j < 6; j++) f[j] = 3 * draws.normal(j);
      Contraction c = with(f, i % 4, .25 + .5 * draws.uniform(6));
      double[] p = c.probabilities(contracted(c));
      boolean best = Arrays.stream(p).max().orElseThrow() == p[c.y()];
      assertThat(c.labelWins()).isEqualTo(best);
      if (best) wins++;
    }
    assertThat(wins).isBetween(20, 180);
  }
}
