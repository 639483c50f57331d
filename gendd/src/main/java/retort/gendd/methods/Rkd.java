package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Relational knowledge distillation: the distances between images, and the angles between triples
/// of them, are made alike in feature space ("Relational knowledge distillation", arXiv
/// 1904.05068). Features of different widths compare, since only relations are.
public final class Rkd extends Distiller {
  private final Options options;

  /// @param ce weight of the labels' loss
  /// @param distance weight of the distances'
  /// @param angle weight of the angles'
  public record Options(double ce, double distance, double angle) {}

  public Rkd(Backbone student, Teacher teacher, Options options) {
    super(student, teacher);
    this.options = options;
  }

  @Override
  protected Losses losses(Step step) {
    Tensor s = student.embed(step.images()), t = teacher.embed(step.images());
    Tensor ce = step.labels().crossEntropy(student.classify(s)).mean();
    return Losses.of("ce", ce.mul(options.ce()))
        .and("distance", distances(s, t).mul(options.distance()))
        .and("angle", angles(s, t).mul(options.angle()));
  }

  /// Between the pairwise distances of features `[n, d]`, each set divided by its mean.
  static Tensor distances(Tensor student, Tensor teacher) {
    return huber(relative(student).sub(relative(teacher))).mean();
  }

  private static Tensor relative(Tensor e) {
    int n = e.shape().at(0);
    Tensor dot = e.matmul(e, false, true), square = e.square().sum(-1);
    Tensor between = square.reshape(n, 1).add(square).sub(dot.mul(2));
    Tensor d = between.clamp(1e-12, Double.POSITIVE_INFINITY).sqrt().mul(offDiagonal(n));
    return d.div(d.sum().mul(1.0 / (n * (n - 1))));
  }

  private static Tensor offDiagonal(int n) {
    float[] mask = new float[n * n];
    for (int i = 0; i < n * n; i++) mask[i] = i % (n + 1) == 0 ? 0 : 1;
    return Tape.current().input(Shape.of(n, n), mask);
  }

  /// Between the cosines at each image of the angle to every two others.
  static Tensor angles(Tensor student, Tensor teacher) {
    return huber(cosines(student).sub(cosines(teacher))).mean();
  }

  private static Tensor cosines(Tensor e) {
    int n = e.shape().at(0), d = e.shape().at(1);
    Tensor towards = e.reshape(1, n, d).sub(e.reshape(n, 1, d)).reshape(n * n, d);
    Tensor unit = Maps.unit(towards).reshape(n, n, d);
    return unit.matmul(unit, false, true);
  }

  /// d^2 / 2 up to 1, |d| - 1/2 beyond: PyTorch's smooth L1.
  private static Tensor huber(Tensor d) {
    Tensor a = d.abs();
    Tensor near = a.clamp(0, 1);
    return near.square().mul(0.5).add(a.sub(near));
  }
}
