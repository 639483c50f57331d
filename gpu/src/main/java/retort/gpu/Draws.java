package retort.gpu;

import retort.tensor.Kernels;
import retort.tensor.Philox;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Random numbers, draw i at place i, with the bits of the CPU device: random.cu. A thread draws a
/// block of four.
interface Draws extends Kernels {
  Launcher gpu();

  private static int blocks(int n) {
    return (int) ((n + 3L) / 4);
  }

  @Override
  default void uniform(Philox draws, Span y) {
    int n = y.size();
    gpu().each("uniform", blocks(n), draws.seed(), draws.stream(), n, y);
  }

  @Override
  default void normal(Philox draws, Span y) {
    int n = y.size();
    gpu().each("normal", blocks(n), draws.seed(), draws.stream(), n, y);
  }

  @Override
  default void dropout(double p, Philox draws, Span x, Slot y) {
    if (y == null) return;
    long threshold = (long) Math.ceil(p * 0x1p32); // a word below it is dropped
    float scale = (float) (1 / (1 - p));
    int n = x.size();
    gpu().each("dropout", blocks(n), draws.seed(), draws.stream(), threshold, scale, n, x, y);
  }
}
