package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import retort.gendd.theory.Contraction;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The statements behind Theorem 1 of "Generative distribution distillation" (arXiv 2507.14503),
/// checked on real features in double precision: gradients by automatic differentiation on the
/// reference device against their closed forms, and the closed forms against each other.
///
/// A residual is the largest difference of any number over the largest number that enters it.
final class Identities {
  /// @param residual the largest over all cases
  record Identity(String name, String statement, int cases, double residual) {}

  private final double[] worst = new double[6];
  private final int[] cases = new int[6];
  private final Device reference = Device.reference();

  /// @param xhat a generated feature
  /// @param eps the noise that its step was taken with
  /// @param alphaBar of the step
  void check(Contraction c, double[] xhat, double[] eps, double alphaBar) {
    double lambda = c.lambda(), omega = c.omega();
    double[] f = c.f(), own = c.w()[c.y()], goal = c.scaledFeature();
    for (int j = 0; j < f.length; j++) goal[j] += lambda * own[j];
    double scale = 2 * omega * largest(xhat, f, own);
    note(0, scale, c.generative(xhat), noiseError(xhat, goal, eps, alphaBar));
    note(1, scale, c.reconstruction(xhat, f), noiseError(xhat, f, eps, alphaBar));
    double[] others = c.others(xhat), closed = new double[f.length], slope = entropy(c, xhat);
    double doubt = c.doubt(xhat), beta = c.matchingWeight(xhat);
    for (int j = 0; j < f.length; j++) closed[j] = -doubt * (own[j] - others[j]);
    note(2, largest(c.w()), closed, slope);
    double[] g = c.generative(xhat);
    double[] literal = c.multiTask(xhat, f, beta);
    double[] scaled = c.multiTask(xhat, c.scaledFeature(), beta);
    double[] four = g.clone(), five = g.clone();
    for (int j = 0; j < f.length; j++) {
      four[j] += 2 * omega * lambda * (others[j] - f[j]);
      five[j] += 2 * omega * lambda * others[j];
    }
    note(3, scale, four, literal);
    note(4, scale, five, scaled);
  }

  /// E6 on a simplex of as many classes, whose rows have the mean length of the teacher's, at five
  /// confidences.
  void collapse(Contraction like) {
    int classes = like.w().length;
    double length = 0;
    for (double[] row : like.w()) length += norm(row) / classes;
    double[][] w = new double[classes][classes];
    double unit = Math.sqrt(1 - 1.0 / classes);
    for (int k = 0; k < classes; k++)
      for (int j = 0; j < classes; j++)
        w[k][j] = length / unit * ((k == j ? 1 : 0) - 1.0 / classes);
    double[] f = new double[classes];
    for (int j = 0; j < classes; j++) f[j] = like.f()[j % like.f().length];
    var c = new Contraction(f, w, new double[classes], like.y(), like.lambda(), like.omega());
    for (double logit : new double[] {-1, 0.5, 1, 2, 4}) {
      double[] x = w[c.y()].clone();
      for (int j = 0; j < classes; j++) x[j] *= logit / (length * length);
      double beta = c.matchingWeight(x) * (classes - 1) / classes;
      note(
          5,
          2 * c.omega() * largest(x, f, w[c.y()]),
          c.generative(x),
          c.multiTask(x, c.scaledFeature(), beta));
    }
  }

  List<Identity> all() {
    String[] say = {
      "the loss of predicted noise is omega |xhat - s0|^2: its gradient is 2 omega (xhat - (1 -"
          + " lambda) f - lambda w_y)",
      "the same without contraction: 2 omega (xhat - f)",
      "cross-entropy through the frozen classifier: -(1 - p_y) (w_y - wbar)",
      "multi-task minus generative gradient, beta = 2 omega lambda / (1 - p_y): 2 omega lambda"
          + " (wbar - f)",
      "the same with the target (1 - lambda) f: 2 omega lambda wbar",
      "under neural collapse the two gradients are equal"
    };
    List<Identity> all = new ArrayList<>();
    for (int i = 0; i < say.length; i++)
      all.add(new Identity("E" + (i + 1), say[i], cases[i], worst[i]));
    return all;
  }

  private void note(int which, double scale, double[] a, double[] b) {
    cases[which]++;
    for (int j = 0; j < a.length; j++)
      worst[which] = Math.max(worst[which], Math.abs(a[j] - b[j]) / scale);
  }

  private static double largest(double[]... of) {
    double most = 0;
    for (double[] x : of) for (double v : x) most = Math.max(most, Math.abs(v));
    return most;
  }

  /// The slope of |eps_theta - eps|^2 in xhat, where eps_theta = (s_t - sqrt(a) xhat) / sqrt(1 - a)
  /// and s_t is the goal under noise.
  private double[] noiseError(double[] xhat, double[] goal, double[] eps, double a) {
    double signal = Math.sqrt(a), noise = Math.sqrt(1 - a);
    return slope(
        xhat,
        x -> {
          Shape shape = x.shape();
          Tape tape = Tape.current();
          Tensor e = tape.input(shape, eps);
          Tensor noisy = tape.input(shape, goal).mul(signal).add(e.mul(noise));
          return noisy.sub(x.mul(signal)).mul(1 / noise).sub(e).square().sum();
        });
  }

  private double[] entropy(Contraction c, double[] xhat) {
    int classes = c.w().length, d = xhat.length;
    double[] rows = new double[classes * d];
    for (int k = 0; k < classes; k++) System.arraycopy(c.w()[k], 0, rows, k * d, d);
    return slope(
        xhat,
        x -> {
          Tape tape = Tape.current();
          Tensor w = tape.input(Shape.of(classes, d), rows);
          Tensor b = tape.input(Shape.of(classes), c.b());
          return x.linear(w, b).crossEntropy(c.y()).mean();
        });
  }

  private double[] slope(double[] at, Function<Tensor, Tensor> loss) {
    return Tape.train(
        reference,
        tape -> {
          Tensor x = tape.variable(Shape.of(1, at.length), at);
          tape.backward(loss.apply(x));
          return x.grad().toDoubles();
        });
  }

  static double norm(double[] x) {
    double sum = 0;
    for (double v : x) sum += v * v;
    return Math.sqrt(sum);
  }
}
