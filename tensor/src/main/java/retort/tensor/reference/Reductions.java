package retort.tensor.reference;

import retort.tensor.Kernels;
import retort.tensor.Reduction;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Sums, means and maxima over the middle of `[outer, n, inner]`.
interface Reductions extends Kernels {
  @Override
  default void reduce(Reduction r, int outer, int n, int inner, Span x, Slot y) {
    View in = View.of(x), out = View.of(y);
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        double v = r == Reduction.MAX ? Double.NEGATIVE_INFINITY : 0;
        for (int j = 0; j < n; j++) {
          double e = in.get((o * n + j) * inner + i);
          v = r == Reduction.MAX ? Math.max(v, e) : v + e;
        }
        out.land(o * inner + i, r == Reduction.MEAN ? v / n : v);
      }
    }
  }

  @Override
  default void reduceGrad(
      Reduction r, int outer, int n, int inner, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    View in = View.of(x), out = View.of(y), d = View.of(dy), to = View.of(dx);
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < inner; i++) {
        boolean found = false;
        for (int j = 0; j < n; j++) {
          int at = (o * n + j) * inner + i;
          double v = d.get(o * inner + i);
          if (r == Reduction.MEAN) v /= n;
          if (r == Reduction.MAX) {
            boolean first = !found && in.get(at) == out.get(o * inner + i);
            found |= first;
            if (!first) v = 0;
          }
          to.land(at, v);
        }
      }
    }
  }

  @Override
  default double sumSquares(Span x) {
    View in = View.of(x);
    double sum = 0;
    for (int i = 0; i < x.size(); i++) sum += in.get(i) * in.get(i);
    return sum;
  }
}
