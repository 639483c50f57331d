package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import retort.gendd.generative.GenDD;
import retort.gendd.theory.Contraction;
import retort.nn.backbone.Backbone;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// How near the gradient of the generative loss is to that of a multi-task loss where it matters:
/// at features that a trained head really generates, and, pulled back through head and student, at
/// their parameters. Both losses are taken at the same noisy input; the classifier-free part of
/// sampling plays no role.
final class GradientCosines {
  /// The multi-task losses that are compared with the generative one.
  enum Rival {
    /// Reconstruction of the feature itself, the cross-entropy weighed for every image so that the
    /// pulls along its class's row agree: the theorem as it reads.
    LITERAL,
    /// The same with the feature scaled by 1 - lambda.
    SCALED,
    /// Reconstruction plus the cross-entropy with one weight for all images of a batch, the median
    /// of the matching ones: what anyone would train.
    CONSTANT
  }

  /// Features of one batch at one step, all `[n][d]` but for the step.
  record Batch(int step, Contraction[] at, double[][] xhat) {}

  private final GenDD gendd;
  private final Backbone student;

  GradientCosines(GenDD gendd, Backbone student) {
    this.gendd = gendd;
    this.student = student;
    student.eval();
  }

  double[][] generative(Batch b) {
    double[][] g = new double[b.at.length][];
    for (int i = 0; i < g.length; i++) g[i] = b.at[i].generative(b.xhat[i]);
    return g;
  }

  double[][] rival(Batch b, Rival which) {
    int n = b.at.length;
    double[] weight = new double[n];
    for (int i = 0; i < n; i++) weight[i] = b.at[i].matchingWeight(b.xhat[i]);
    double[] sorted = weight.clone();
    Arrays.sort(sorted);
    double[][] g = new double[n][];
    for (int i = 0; i < n; i++) {
      Contraction c = b.at[i];
      g[i] =
          switch (which) {
            case LITERAL -> c.multiTask(b.xhat[i], c.f(), weight[i]);
            case SCALED -> c.multiTask(b.xhat[i], c.scaledFeature(), weight[i]);
            case CONSTANT -> c.multiTask(b.xhat[i], c.f(), sorted[n / 2]);
          };
    }
    return g;
  }

  /// What the head makes of noisy targets of these images: `[n, d]`, on a tape that records.
  Tensor clean(Tensor images, double[] noisy, int step) {
    Tensor feature = student.embed(images);
    Shape shape = Shape.of(images.shape().at(0), gendd.teacher().featureWidth());
    return gendd.clean(feature, Tape.current().input(shape, noisy), step);
  }

  /// The parameters' gradient, those of the head and those of the student's body apart, where the
  /// loss's gradient at the generated features is g, only the rows kept.
  record Pulled(double[] head, double[] body) {}

  Pulled pull(float[] images, Shape shape, double[] noisy, int step, double[][] g, boolean[] keep) {
    Map<String, Parameter> head = gendd.parameters(), body = student.parameters();
    String classifier = "student.";
    body.values().forEach(p -> p.trainable(true).zeroGrad());
    head.values().forEach(Parameter::zeroGrad);
    int d = g[0].length;
    double[] rows = new double[g.length * d];
    for (int i = 0; i < g.length; i++) if (keep[i]) System.arraycopy(g[i], 0, rows, i * d, d);
    Tape.train(
        gendd.device(),
        tape -> {
          Tensor xhat = clean(tape.inputFrom(shape, images), noisy, step);
          tape.backward(xhat, tape.input(xhat.shape(), rows));
          return null;
        });
    Pulled pulled = new Pulled(flat(head, p -> !p.startsWith(classifier)), flat(body, _ -> true));
    head.values().forEach(Parameter::zeroGrad);
    body.values().forEach(Parameter::zeroGrad);
    return pulled;
  }

  private static double[] flat(Map<String, Parameter> all, Predicate<String> which) {
    List<double[]> parts = new ArrayList<>();
    all.forEach((path, p) -> {
      if (which.test(path) && p.hasGrad()) parts.add(p.grad().toDoubles());
    });
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  static double cosine(double[] a, double[] b) {
    double dot = 0;
    for (int j = 0; j < a.length; j++) dot += a[j] * b[j];
    return dot / (Identities.norm(a) * Identities.norm(b));
  }
}
