package retort.tensor.contract;

import org.junit.jupiter.api.Test;
import retort.tensor.Pooling;

/// Maxima and means of windows.
interface PoolsContract extends Agreement {
  /// A maximum is exact; a mean or a gradient sums a window.
  Tolerance POOLED = new Tolerance(1e-6, 1e-6);

  Pooling[] POOLINGS = {
    new Pooling(1, 2, 2, 1, 2, 2, 0, true),
    new Pooling(2, 6, 6, 3, 2, 2, 0, true),
    new Pooling(1, 7, 5, 4, 3, 2, 1, true),
    new Pooling(1, 7, 5, 4, 3, 2, 1, false),
    new Pooling(2, 8, 8, 16, 3, 1, 1, false),
    new Pooling(1, 9, 9, 33, 3, 3, 0, true),
    new Pooling(2, 5, 5, 7, 5, 1, 2, true),
    new Pooling(3, 4, 4, 18, 1, 2, 0, true),
    new Pooling(1, 3, 3, 5, 3, 1, 0, true),
    new Pooling(16, 28, 28, 20, 3, 2, 1, false),
  };

  @Test
  default void maxPool() {
    for (Pooling g : POOLINGS) {
      agree("maxPool " + g, POOLED, d -> d.kernels().maxPool(g, d.in(x(g)), d.out(g.y().size())));
    }
  }

  @Test
  default void maxPoolGrad() {
    for (Pooling g : POOLINGS) {
      agree(
          "maxPoolGrad " + g,
          POOLED,
          d -> {
            var x = d.ties(x(g), 4);
            var y = d.out(g.y().size());
            d.kernels().maxPool(g, x, y);
            d.kernels().maxPoolGrad(g, x, y, d.in(g.y().size()), d.slot(x(g)));
          });
    }
  }

  @Test
  default void avgPool() {
    for (Pooling g : POOLINGS) {
      agree("avgPool " + g, POOLED, d -> d.kernels().avgPool(g, d.in(x(g)), d.out(g.y().size())));
    }
  }

  @Test
  default void avgPoolGrad() {
    for (Pooling g : POOLINGS) {
      agree(
          "avgPoolGrad " + g,
          POOLED,
          d -> d.kernels().avgPoolGrad(g, d.in(g.y().size()), d.slot(x(g))));
    }
  }

  private static int x(Pooling g) {
    return g.n() * g.h() * g.w() * g.c();
  }
}
