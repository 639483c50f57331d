package retort.tensor.cpu;

import retort.tensor.Kernels;
import retort.tensor.Pooling;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Maxima and means of windows.
interface Pools extends Kernels {
  /// A place of x inside the window of a place of y.
  interface Inside {
    void at(int y, int x);
  }

  private static void windows(Pooling g, Inside inside) {
    for (int n = 0; n < g.n(); n++)
      for (int i = 0; i < g.oh(); i++)
        for (int j = 0; j < g.ow(); j++)
          for (int c = 0; c < g.c(); c++)
            for (int a = 0; a < g.k(); a++)
              for (int b = 0; b < g.k(); b++) {
                int h = i * g.stride() + a - g.pad(), w = j * g.stride() + b - g.pad();
                if (h < 0 || w < 0 || h >= g.h() || w >= g.w()) continue;
                inside.at(
                    ((n * g.oh() + i) * g.ow() + j) * g.c() + c,
                    ((n * g.h() + h) * g.w() + w) * g.c() + c);
              }
  }

  @Override
  default void maxPool(Pooling g, Span x, Span y) {
    View in = View.of(x), out = View.of(y);
    for (int o = 0; o < g.y().size(); o++) out.set(o, Double.NEGATIVE_INFINITY);
    windows(g, (o, i) -> out.set(o, Math.max(out.get(o), in.get(i))));
  }

  @Override
  default void maxPoolGrad(Pooling g, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    View in = View.of(x), out = View.of(y), d = View.of(dy);
    View to = View.of(dx).ready(dx.span().size());
    boolean[] taken = new boolean[g.y().size()];
    windows(
        g,
        (o, i) -> {
          if (!taken[o] && in.get(i) == out.get(o)) {
            taken[o] = true;
            to.add(i, d.get(o));
          }
        });
  }

  /// How many numbers each window averages.
  private static int[] counts(Pooling g) {
    int[] count = new int[g.y().size()];
    if (g.countPad()) java.util.Arrays.fill(count, g.k() * g.k());
    else windows(g, (o, i) -> count[o]++);
    return count;
  }

  @Override
  default void avgPool(Pooling g, Span x, Span y) {
    View in = View.of(x), out = View.of(y);
    int[] count = counts(g);
    for (int o = 0; o < count.length; o++) out.set(o, 0);
    windows(g, (o, i) -> out.add(o, in.get(i) / count[o]));
  }

  @Override
  default void avgPoolGrad(Pooling g, Span dy, Slot dx) {
    if (dx == null) return;
    View d = View.of(dy), to = View.of(dx).ready(dx.span().size());
    int[] count = counts(g);
    windows(g, (o, i) -> to.add(i, d.get(o) / count[o]));
  }
}
