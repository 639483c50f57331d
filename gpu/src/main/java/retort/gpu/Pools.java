package retort.gpu;

import retort.tensor.Kernels;
import retort.tensor.Pooling;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Maxima and means of windows: pooling.cu.
interface Pools extends Kernels {
  Launcher gpu();

  /// The struct Pooling of the kernels.
  private static int[] struct(Pooling g) {
    int pad = g.countPad() ? 1 : 0;
    return new int[] {g.n(), g.h(), g.w(), g.c(), g.k(), g.stride(), g.pad(), pad, g.oh(), g.ow()};
  }

  @Override
  default void maxPool(Pooling g, Span x, Span y) {
    gpu().each("maxPool", y.size(), y.size(), struct(g), x, y);
  }

  @Override
  default void maxPoolGrad(Pooling g, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    gpu().each("maxPoolGrad", x.size(), x.size(), struct(g), x, y, dy, dx);
  }

  @Override
  default void avgPool(Pooling g, Span x, Span y) {
    gpu().each("avgPool", y.size(), y.size(), struct(g), x, y);
  }

  @Override
  default void avgPoolGrad(Pooling g, Span dy, Slot dx) {
    if (dx == null) return;
    int n = dx.span().size();
    gpu().each("avgPoolGrad", n, n, struct(g), dy, dx);
  }
}
