package retort.gpu;

import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Softmax and cross-entropy, a row at a time: softmax.cu.
interface Losses extends Kernels {
  Launcher gpu();

  @Override
  default void softmax(int rows, int cols, boolean log, Span x, Span y) {
    gpu().rows("softmax", rows, cols, cols, log ? 1 : 0, x, y);
  }

  @Override
  default void softmaxGrad(int rows, int cols, boolean log, Span y, Span dy, Slot dx) {
    if (dx != null) gpu().rows("softmaxGrad", rows, cols, cols, log ? 1 : 0, y, dy, dx);
  }

  @Override
  default void crossEntropy(
      int rows, int cols, int[] labels, double smoothing, Span x, Span p, Span loss) {
    float s = (float) smoothing;
    gpu().numbers(labels, l -> gpu().rows("crossEntropy", rows, cols, cols, l, s, x, p, loss));
  }

  @Override
  default void crossEntropyGrad(
      int rows, int cols, int[] labels, double smoothing, Span p, Span dloss, Slot dx) {
    if (dx == null) return;
    int n = rows * cols;
    float s = (float) smoothing;
    gpu().numbers(labels, l -> gpu().each("crossEntropyGrad", n, n, cols, l, s, p, dloss, dx));
  }
}
