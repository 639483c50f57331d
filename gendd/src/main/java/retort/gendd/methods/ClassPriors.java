package retort.gendd.methods;

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
    turn(step.epoch());
    return prior.get().gather(step.labels().dominant());
  }

  /// Counts a batch's probabilities `[n, classes]`.
  void add(Tensor probabilities, Step step) {
    Tensor is = step.labels().oneHot(classes);
    sum.get().blend(1, 1, is.matmul(probabilities, true, false));
    count.get().blend(1, 1, is.sum(0).reshape(classes, 1));
  }

  /// In a new epoch what was counted becomes the prior; a class without an image keeps its old one.
  /// Whether the epoch is new stands in the buffers, and a card would have to be waited for to read
  /// it: so every step does the same, by factors of 0 and 1.
  private void turn(int to) {
    Tensor isNew = sign(epoch.get().add(-to).square());
    Tensor counted = sign(count.get());
    Tensor mean = sum.get().div(count.get().add(counted.affine(-1, 1)));
    Tensor taken = counted.mul(isNew), kept = taken.affine(-1, 1);
    prior.get().blend(0, 1, prior.get().mul(kept).add(mean.mul(taken)));
    Tensor stays = isNew.affine(-1, 1);
    sum.get().blend(0, 1, sum.get().mul(stays));
    count.get().blend(0, 1, count.get().mul(stays));
    epoch.get().device().kernels().fill(to, epoch.get().span());
  }

  /// 0 of 0, 1 of what is larger.
  private static Tensor sign(Tensor x) {
    return x.mul(1e30).clamp(0, 1);
  }
}
