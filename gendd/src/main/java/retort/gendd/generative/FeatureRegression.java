package retort.gendd.generative;

import java.util.SequencedMap;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// What GenDD is without diffusion: the same normalised student feature, the same contracted
/// target, but a linear layer and the mean squared error between them. Its minimum is the
/// conditional mean of the target, which is also what a generated feature is on average.
public final class FeatureRegression extends Distiller {
  private final DistributionContraction contraction;
  private final LayerNorm norm;
  private final Linear regressor;

  /// @param contraction null to follow the teacher alone, without labels
  public FeatureRegression(Backbone student, Teacher teacher, DistributionContraction contraction) {
    super(student, teacher);
    this.contraction = contraction == null ? null : child("contraction", contraction);
    norm = child("norm", new LayerNorm(student.featureWidth()));
    regressor = child("regressor", new Linear(student.featureWidth(), teacher.featureWidth()));
  }

  @Override
  protected Losses losses(Step step) {
    Tensor feature = student.embed(step.images());
    Tensor of = teacher.embed(step.images());
    Tensor target = contraction == null ? of : contraction.apply(of, step.labels());
    return Losses.of("mse", regress(feature).mse(target))
        .and("own", OwnHead.loss(student, teacher, feature, of, step, contraction != null));
  }

  private Tensor regress(Tensor feature) {
    return regressor.apply(norm.apply(feature));
  }

  @Override
  public SequencedMap<String, Classifier> classifiers() {
    SequencedMap<String, Classifier> all = super.classifiers();
    all.put("regressed", (images, draws) -> teacher.classify(regress(student.embed(images))));
    return all;
  }
}
