package retort.gendd.methods;

import retort.gendd.Distiller;
import retort.gendd.Losses;
import retort.gendd.Step;
import retort.nn.backbone.Backbone;

/// Training by labels alone: the control of every comparison, and how teachers are made.
public final class Plain extends Distiller {
  public Plain(Backbone student) {
    super(student, null);
  }

  @Override
  protected Losses losses(Step step) {
    return Losses.of("ce", step.labels().crossEntropy(student.apply(step.images())).mean());
  }
}
