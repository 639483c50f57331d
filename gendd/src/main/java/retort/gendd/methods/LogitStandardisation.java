package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// Classic distillation of standardised logits: each row's mean is taken out and its deviation
/// divided out first, so the student copies the order of classes and not the teacher's scale
/// ("Logit standardization in knowledge distillation", arXiv 2403.01427).
public final class LogitStandardisation extends Distiller {
  private static final double EPS = 1e-7;

  private final Kd.Options options;

  public LogitStandardisation(Backbone student, Teacher teacher, Kd.Options options) {
    super(student, teacher);
    this.options = options;
  }

  @Override
  protected Losses losses(Step step) {
    Tensor s = student.apply(step.images()), t = teacher.logits(step.images());
    return Losses.of("ce", step.labels().crossEntropy(s).mean().mul(options.ce()))
        .and("kd", loss(t, s, options.temperature()).mul(options.kd()));
  }

  static Tensor loss(Tensor teacher, Tensor student, double temperature) {
    return Kd.loss(standardised(teacher), standardised(student), temperature);
  }

  /// The deviation is the unbiased one.
  static Tensor standardised(Tensor logits) {
    int c = logits.shape().last();
    Tensor centred = logits.sub(logits.mean(-1).reshape(-1, 1));
    Tensor deviation = centred.square().sum(-1).mul(1.0 / (c - 1)).sqrt().add(EPS);
    return centred.div(deviation.reshape(-1, 1));
  }
}
