package retort.gendd.methods;

import java.util.Arrays;
import retort.gendd.Step;
import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// What the teacher says of each class on average: the mean of its probabilities over the class's
/// images in the epoch before, uniform in the first.
final class ClassPriors extends Module {
  private final int classes;
  private final Declared<Tensor> prior;
  private final Declared<Tensor> sum;
  private final Declared<Tensor> count;
  private final Declared<Tensor> epoch;

  ClassPriors(int classes) {
    this.classes = classes;
    Shape square = Shape.of(classes, classes);
    prior = buffer("prior", square, Init.constant(1.0 / classes));
    sum = buffer("sum", square, Init.zeros());
    count = buffer("count", Shape.of(classes, 1), Init.zeros());
    epoch = buffer("epoch", Shape.of(1), Init.zeros());
  }

  /// The row of each image's class `[n, classes]`.
  Tensor of(Step step) {
    if (epoch.get().item() != step.epoch()) turn(step.epoch());
    return prior.get().gather(step.labels().dominant());
  }

  /// Counts a batch's probabilities `[n, classes]`.
  void add(Tensor probabilities, Step step) {
    Tensor is = step.labels().oneHot(classes);
    sum.get().blend(1, 1, is.matmul(probabilities, true, false));
    count.get().blend(1, 1, is.sum(0).reshape(classes, 1));
  }

  /// A new epoch: what was counted becomes the prior; a class without an image keeps its old one.
  private void turn(int to) {
    double[] s = sum.get().toDoubles(), n = count.get().toDoubles(), p = prior.get().toDoubles();
    for (int i = 0; i < p.length; i++) {
      double images = n[i / classes];
      if (images > 0) p[i] = s[i] / images;
    }
    prior.get().set(p);
    Arrays.fill(s, 0);
    Arrays.fill(n, 0);
    sum.get().set(s);
    count.get().set(n);
    epoch.get().set(to);
  }
}
