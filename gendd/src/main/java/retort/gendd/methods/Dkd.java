package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Divergence;
import retort.gendd.Labels;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// Decoupled knowledge distillation: the divergence of classic distillation split into whether it
/// is the target class, and which of the others it might have been, each with a weight of its own
/// ("Decoupled knowledge distillation", arXiv 2203.08679, section 3.2).
public final class Dkd extends Distiller {
  /// Added to the target's logit to leave it out of a softmax.
  private static final double OUT = -1000;

  private final Options options;

  /// @param ce weight of the labels' loss
  /// @param alpha weight of the target term
  /// @param beta weight of the term among the others
  /// @param warmUp epochs over which alpha and beta rise to their values
  public record Options(double temperature, double ce, double alpha, double beta, int warmUp) {}

  public Dkd(Backbone student, Teacher teacher, Options options) {
    super(student, teacher);
    this.options = options;
  }

  @Override
  protected Losses losses(Step step) {
    Tensor s = student.apply(step.images()), t = teacher.logits(step.images());
    Labels labels = step.labels();
    double ramp = step.ramp(options.warmUp());
    return Losses.of("ce", labels.crossEntropy(s).mean().mul(options.ce()))
        .and("tckd", target(s, t, labels, options.temperature()).mul(ramp * options.alpha()))
        .and("nckd", others(s, t, labels, options.temperature()).mul(ramp * options.beta()));
  }

  /// T^2 KL of (target, not target).
  static Tensor target(Tensor student, Tensor teacher, Labels labels, double temperature) {
    Tensor is = labels.oneHot(student.shape().last());
    Tensor t = binary(teacher.mul(1 / temperature), is);
    Tensor s = binary(student.mul(1 / temperature), is);
    return t.exp().mul(t.sub(s)).sum(-1).mean().mul(temperature * temperature);
  }

  /// The logarithms of the probabilities of the target and of all others together, `[n, 2]`.
  private static Tensor binary(Tensor logits, Tensor is) {
    Tensor log = logits.logSoftmax();
    Tensor target = log.mul(is).sum(-1).reshape(-1, 1);
    // The others' share comes from their own probabilities: 1 - p cancels where p is near 1.
    Tensor rest = log.exp().mul(is.affine(-1, 1)).sum(-1).reshape(-1, 1);
    return Tensor.concat(1, target, rest.clamp(1e-30, Double.POSITIVE_INFINITY).log());
  }

  /// T^2 KL among the classes that are not the target.
  static Tensor others(Tensor student, Tensor teacher, Labels labels, double temperature) {
    Tensor out = labels.oneHot(student.shape().last()).mul(OUT);
    Tensor t = teacher.mul(1 / temperature).add(out), s = student.mul(1 / temperature).add(out);
    return Divergence.kl(t, s, 1).mean().mul(temperature * temperature);
  }
}
