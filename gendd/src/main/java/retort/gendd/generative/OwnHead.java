package retort.gendd.generative;

import retort.gendd.Divergence;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// The student's own linear classifier, trained beside a method that shapes features: it learns
/// from the feature as it is and sends no gradient into it, so it is a linear probe that is always
/// up to date.
final class OwnHead {
  private OwnHead() {}

  /// From the labels, or, without labels, from the teacher's probabilities; a scalar.
  static Tensor loss(
      Backbone student,
      Teacher teacher,
      Tensor feature,
      Tensor teacherFeature,
      Step step,
      boolean labels) {
    Tensor logits = student.classify(feature.detach());
    if (labels) return step.labels().crossEntropy(logits).mean();
    return Divergence.kl(teacher.classify(teacherFeature), logits, 1).mean();
  }
}
