package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// Improved Kullback-Leibler distillation: KL's gradient is that of a weighted square of logit
/// differences and a soft cross-entropy; taken apart, each gets its weight, and the square's
/// weights may come from the class instead of the image ("Decoupled Kullback-Leibler divergence
/// loss", arXiv 2305.13948). With an exponent gamma on those weights it is the generalised form,
/// GKL.
///
/// The square runs over all pairs of classes, but sum_ij q_i q_j (d_i - d_j)^2 is 2 (sum q sum q
/// d^2 - (sum q d)^2), so it costs as much as a softmax.
public final class IklKd extends Distiller {
  private final Options options;
  private final ClassPriors priors;

  /// @param temperature of the soft cross-entropy
  /// @param weightTemperature of the teacher's softmax that weighs pairs of classes
  /// @param ce weight of the labels' loss
  /// @param alpha weight of the soft cross-entropy
  /// @param beta weight of the square
  /// @param gamma exponent of the pair weights; 1 is IKL
  /// @param classwise whether the pair weights are the class's mean of the last epoch ("global
  ///   information") instead of the image's own
  /// @param warmUp epochs over which alpha and beta rise to their values
  public record Options(
      double temperature,
      double weightTemperature,
      double ce,
      double alpha,
      double beta,
      double gamma,
      boolean classwise,
      int warmUp) {}

  public IklKd(Backbone student, Teacher teacher, Options options) {
    super(student, teacher);
    this.options = options;
    priors = options.classwise() ? child("priors", new ClassPriors(student.classes())) : null;
  }

  @Override
  protected Losses losses(Step step) {
    Tensor s = student.apply(step.images()), t = teacher.logits(step.images());
    Tensor own = t.mul(1 / options.weightTemperature()).softmax();
    Tensor weights = own;
    if (priors != null) {
      weights = priors.of(step);
      priors.add(own, step);
    }
    double ramp = step.ramp(options.warmUp());
    return Losses.of("ce", step.labels().crossEntropy(s).mean().mul(options.ce()))
        .and("square", square(s, t, weights, options.gamma()).mul(ramp * options.beta()))
        .and("soft", softCrossEntropy(s, t, options.temperature()).mul(ramp * options.alpha()));
  }

  /// -sum p_teacher log p_student, averaged over the batch.
  static Tensor softCrossEntropy(Tensor student, Tensor teacher, double temperature) {
    Tensor p = teacher.mul(1 / temperature).softmax();
    return student.mul(1 / temperature).crossEntropy(p).mean();
  }

  /// A quarter of the mean over images of the weighted square of all differences between logit
  /// differences. With gamma 1 the weights q `[n, c]` are rows that sum to 1; otherwise q^gamma is
  /// divided by the batch's mean weight.
  static Tensor square(Tensor student, Tensor teacher, Tensor weights, double gamma) {
    Tensor q = gamma == 1 ? weights : weights.pow(gamma);
    Tensor d = teacher.sub(student), qd = q.mul(d);
    Tensor all = q.sum(-1);
    Tensor pairs = all.mul(qd.mul(d).sum(-1)).sub(qd.sum(-1).square()).mul(2);
    Tensor mean = gamma == 1 ? pairs.mean() : pairs.sum().div(all.square().sum());
    return mean.mul(0.25);
  }
}
