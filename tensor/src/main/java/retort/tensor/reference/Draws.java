package retort.tensor.reference;

import retort.tensor.Kernels;
import retort.tensor.Philox;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Random numbers: draw i of a stream lands at place i.
interface Draws extends Kernels {
  @Override
  default void uniform(Philox draws, Span y) {
    View to = View.of(y);
    for (int i = 0; i < y.size(); i++) to.set(i, draws.uniform(i));
  }

  @Override
  default void normal(Philox draws, Span y) {
    View to = View.of(y);
    for (int i = 0; i < y.size(); i++) to.set(i, draws.normal(i));
  }

  @Override
  default void dropout(double p, Philox draws, Span x, Slot y) {
    if (y == null) return;
    View from = View.of(x), to = View.of(y);
    for (int i = 0; i < x.size(); i++) {
      to.land(i, draws.uniform(i) >= p ? from.get(i) / (1 - p) : 0);
    }
  }
}
