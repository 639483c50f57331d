package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Divergence;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// Knowledge distillation: the student's softened probabilities follow the teacher's ("Distilling
/// the knowledge in a neural network", arXiv 1503.02531).
public final class Kd extends Distiller {
  private final Options options;

  /// @param temperature both sets of logits are divided by
  /// @param ce weight of the labels' loss; 0 leaves labels out
  /// @param kd weight of the teacher's
  public record Options(double temperature, double ce, double kd) {}

  public Kd(Backbone student, Teacher teacher, Options options) {
    super(student, teacher);
    this.options = options;
  }

  @Override
  protected Losses losses(Step step) {
    Tensor logits = student.apply(step.images());
    Losses l =
        Losses.of(
            "kd",
            loss(teacher.logits(step.images()), logits, options.temperature()).mul(options.kd()));
    return options.ce() == 0
        ? l
        : l.and("ce", step.labels().crossEntropy(logits).mean().mul(options.ce()));
  }

  /// T^2 KL(teacher || student), averaged over the batch: T^2 keeps the gradient's scale.
  public static Tensor loss(Tensor teacher, Tensor student, double temperature) {
    return Divergence.kl(teacher, student, temperature).mean().mul(temperature * temperature);
  }
}
