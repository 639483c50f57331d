package retort.gendd.methods;

import java.util.List;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.nn.backbone.Backbone.Features;
import retort.tensor.Tensor;

/// Attention transfer: where in the image a stage responds, as one normalised map, is made alike
/// ("Paying more attention to attention", arXiv 1612.03928, section 3.1, with squared channels).
public final class AttentionTransfer extends Distiller {
  private final Options options;

  /// @param ce weight of the labels' loss
  /// @param at weight of the maps'
  public record Options(double ce, double at) {}

  public AttentionTransfer(Setting setting, Options options) {
    super(setting.student(), setting.teacher());
    setting.stages("at");
    this.options = options;
  }

  @Override
  protected Losses losses(Step step) {
    Features s = student.features(step.images()), t = teacher.features(step.images());
    Tensor ce = step.labels().crossEntropy(student.classify(s.feature())).mean();
    return Losses.of("ce", ce.mul(options.ce()))
        .and("at", loss(s.after(), t.after()).mul(options.at()));
  }

  /// The sum over all stages but the stem.
  private static Tensor loss(List<Tensor> student, List<Tensor> teacher) {
    Tensor sum = loss(student.get(1), teacher.get(1));
    for (int i = 2; i < student.size(); i++) sum = sum.add(loss(student.get(i), teacher.get(i)));
    return sum;
  }

  /// Of maps `[n, h, h, c]`; the larger is averaged down to the smaller.
  static Tensor loss(Tensor student, Tensor teacher) {
    int size = Math.min(student.shape().at(1), teacher.shape().at(1));
    return attention(Maps.pool(student, size)).mse(attention(Maps.pool(teacher, size)));
  }

  private static Tensor attention(Tensor x) {
    return Maps.unit(x.square().mean(-1).flatten());
  }
}
