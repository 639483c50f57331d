package retort.gendd;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.optim.ParameterGroup;
import retort.tensor.Parameter;
import retort.tensor.Span;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A way of training a student, mostly with a teacher's help. As a module it owns the student, at
/// the path `student`, and whatever the method trains beside it, so that optimiser and checkpoint
/// see both; the teacher is no part of it.
///
/// A method writes [#losses]: named losses whose sum is minimised and which become columns of the
/// log. The training loop calls [#backward] in a recording tape, then its optimiser.
public abstract class Distiller extends Module {
  /// A way to classify images.
  @FunctionalInterface
  public interface Classifier {
    /// The logits `[n, classes]` of images `[n, h, w, c]`; `draws` feed what is random in it.
    Tensor logits(Tensor images, StepDraws draws);
  }

  protected final Backbone student;

  /// Null for methods without one.
  protected final Teacher teacher;

  private int backwards;
  private boolean flows;

  @SuppressWarnings("this-escape") // child only records the module's name
  protected Distiller(Backbone student, Teacher teacher) {
    this.student = child("student", student);
    this.teacher = teacher;
    if (teacher != null && teacher.classes() != student.classes()) {
      throw new IllegalArgumentException(
          "the teacher tells "
              + teacher.classes()
              + " classes apart and the student "
              + student.classes()
              + "; make the student with the teacher's");
    }
  }

  /// The losses of a batch, each a scalar, in the order of the log's columns.
  protected abstract Losses losses(Step step);

  /// Called when a step's gradients are there: the place to change what its losses read. Changed
  /// before, the gradients would be those of other numbers.
  protected void remember() {}

  /// How many optimiser steps go by before any gradient reaches the student's body.
  protected int silentSteps() {
    return 0;
  }

  /// How the optimiser groups the parameters, given the decay that most of them get.
  public List<ParameterGroup> groups(double weightDecay) {
    return List.of(ParameterGroup.all(weightDecay));
  }

  /// How images can be classified after training, by name, the student's own classifier first.
  public SequencedMap<String, Classifier> classifiers() {
    SequencedMap<String, Classifier> all = new LinkedHashMap<>();
    all.put("student", (images, draws) -> student.apply(images));
    return all;
  }

  public final Backbone student() {
    return student;
  }

  /// Null for methods without one.
  public final Teacher teacher() {
    return teacher;
  }

  /// The losses of a batch without their gradients: for counting what they cost.
  public final Losses forward(Step step) {
    return losses(step);
  }

  /// Computes the losses of a batch and adds the gradient of their sum to the parameters. In the
  /// first steps it makes sure that the gradient reaches the student and not the teacher.
  public final Losses backward(Step step) {
    Losses losses = losses(step);
    Tape.current().backward(losses.total());
    remember();
    if (backwards++ == 0 && teacher != null) teacher.checkUntouched();
    if (!flows && backwards > silentSteps()) {
      checkFlow();
      flows = true;
    }
    return losses;
  }

  private void checkFlow() {
    String classifier = classifierPath();
    boolean reached = false;
    boolean trainable = false;
    for (var e : student.parameters().entrySet()) {
      if (e.getKey().startsWith(classifier)) continue;
      trainable |= e.getValue().wantsGrad();
      reached |= hasGradient(e.getValue());
    }
    if (trainable && !reached) {
      throw new IllegalStateException(
          getClass().getSimpleName()
              + ": after "
              + backwards
              + " steps no gradient has reached the student's body; a loss is detached from it, or"
              + " the learning rate of the first steps was 0");
    }
  }

  private String classifierPath() {
    return student.modules().entrySet().stream()
            .filter(e -> e.getValue() == student.classifier())
            .findFirst()
            .orElseThrow()
            .getKey()
        + ".";
  }

  private static boolean hasGradient(Parameter p) {
    Span g = p.gradSpan();
    return g != null && p.device().kernels().sumSquares(g) != 0; // a NaN has reached it too
  }
}
