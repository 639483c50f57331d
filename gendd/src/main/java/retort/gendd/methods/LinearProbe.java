package retort.gendd.methods;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.gendd.Teacher;
import retort.nn.Init;
import retort.nn.Linear;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// A fresh linear classifier on a student whose body stands still: how much of the labels its
/// feature holds. The targets may be mixed with the teacher's probabilities, as in the probe of
/// GenDD's authors (code of arXiv 2507.14503).
public final class LinearProbe extends Distiller {
  private final double labels;
  private final Linear classifier;

  /// @param labels the share of the label in the target; the teacher's probabilities are the rest
  public LinearProbe(Backbone student, Teacher teacher, double labels) {
    super(student, teacher);
    if (!(labels >= 0 && labels <= 1) || labels < 1 && teacher == null) {
      throw new IllegalArgumentException(
          "linear probe: the label's share must lie in 0 to 1, and be 1 without a teacher; got "
              + labels);
    }
    this.labels = labels;
    student.freeze("*");
    classifier =
        child(
            "classifier",
            new Linear(student.featureWidth(), student.classes())
                .init(Init.normal(0.01), Init.zeros()));
  }

  @Override
  protected Losses losses(Step step) {
    Tensor logits = logits(step.images());
    Tensor ce = step.labels().crossEntropy(logits).mean().mul(labels);
    if (labels == 1) return Losses.of("ce", ce);
    Tensor soft = logits.crossEntropy(teacher.logits(step.images()).softmax()).mean();
    return Losses.of("ce", ce).and("soft", soft.mul(1 - labels));
  }

  /// The body normalises as it did when it was trained.
  private Tensor logits(Tensor images) {
    student.eval();
    return classifier.apply(student.embed(images));
  }

  @Override
  protected int silentSteps() {
    return Integer.MAX_VALUE;
  }

  @Override
  public SequencedMap<String, Classifier> classifiers() {
    SequencedMap<String, Classifier> all = new LinkedHashMap<>();
    all.put("probe", (images, draws) -> logits(images));
    return all;
  }
}
