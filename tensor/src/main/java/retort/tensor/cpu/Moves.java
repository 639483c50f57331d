package retort.tensor.cpu;

import retort.tensor.Kernels;
import retort.tensor.Move;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Filling, copying, gathering.
interface Moves extends Kernels {
  @Override
  default void fill(double value, Span y) {
    View to = View.of(y);
    for (int i = 0; i < y.size(); i++) to.set(i, value);
  }

  @Override
  default void axpby(double alpha, Span x, double beta, Span y) {
    View from = View.of(x), to = View.of(y);
    for (int i = 0; i < y.size(); i++) {
      to.set(i, alpha * from.get(i) + (beta == 0 ? 0 : beta * to.get(i)));
    }
  }

  @Override
  default void move(Move m, Span x, Slot y) {
    View from = View.of(x), to = View.of(y);
    Walk.over(
        m.dims(), m.from(), m.to(), (i, a, b) -> to.land(m.toAt() + b, from.get(m.fromAt() + a)));
  }

  @Override
  default void gather(int[] index, int width, Span x, Span y) {
    View from = View.of(x), to = View.of(y);
    for (int i = 0; i < index.length; i++) {
      for (int j = 0; j < width; j++) to.set(i * width + j, from.get(index[i] * width + j));
    }
  }

  @Override
  default void scatterAdd(int[] index, int width, Span dy, Span dx) {
    if (dx == null) return;
    View from = View.of(dy), to = View.of(dx);
    for (int i = 0; i < index.length; i++) {
      for (int j = 0; j < width; j++) to.add(index[i] * width + j, from.get(i * width + j));
    }
  }
}
