package retort.gpu;

import retort.gpu.Launcher.Fold;
import retort.gpu.Launcher.Lie;
import retort.tensor.Kernels;
import retort.tensor.Reduction;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Sums, means and maxima over the middle of `[outer, n, inner]`: reductions.cu.
interface Reductions extends Kernels {
  Launcher gpu();

  @Override
  default void reduce(Reduction r, int outer, int n, int inner, Span x, Slot y) {
    Object[] terms = {inner, x};
    Fold fold =
        switch (r) {
          case MAX -> new Fold("max", terms, "max", y);
          case SUM -> new Fold("sum", terms, "sum", 1.0, y);
          case MEAN -> new Fold("sum", terms, "sum", (double) n, y);
        };
    Lie lie = inner == 1 ? Lie.TERMS_TOGETHER : Lie.DESTINATIONS_TOGETHER;
    gpu().fold(fold, 1, outer * inner, n, lie);
  }

  @Override
  default void reduceGrad(
      Reduction r, int outer, int n, int inner, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    int size = outer * n * inner;
    gpu().each("reduceGrad", size, r.ordinal(), size, n, inner, x, y, dy, dx);
  }

  @Override
  default double sumSquares(Span x) {
    double[] sum = {0};
    gpu()
        .scratch(
            2, // one double
            total -> {
              gpu().squares(x, total);
              sum[0] = gpu().readDouble(total);
            });
    return sum[0];
  }
}
