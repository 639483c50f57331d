package retort.gendd.generative;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.Linear;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// The optional first stage of GenDD's authors' code: the student learns labels through the frozen
/// teacher classifier, over a linear layer where the features' widths differ. Only the student's
/// body is kept; its own classifier stands still meanwhile.
public final class ClassifierPretraining extends Distiller {
  private final Linear adapter;

  public ClassifierPretraining(Backbone student, Teacher teacher) {
    super(student, teacher);
    int from = student.featureWidth(), to = teacher.featureWidth();
    adapter = from == to ? null : child("adapter", new Linear(from, to));
  }

  @Override
  protected Losses losses(Step step) {
    return Losses.of("ce", step.labels().crossEntropy(logits(step.images())).mean());
  }

  private Tensor logits(Tensor images) {
    Tensor feature = student.embed(images);
    return teacher.classify(adapter == null ? feature : adapter.apply(feature));
  }

  @Override
  public SequencedMap<String, Classifier> classifiers() {
    SequencedMap<String, Classifier> all = new LinkedHashMap<>();
    all.put("teacher's", (images, draws) -> logits(images));
    return all;
  }
}
