package retort.tensor.cpu;

import retort.tensor.Kernels;
import retort.tensor.Span;

/// Parameter updates, in place.
interface Optimisers extends Kernels {
  @Override
  default void sgd(
      double rate,
      double momentum,
      boolean nesterov,
      double decay,
      Span gradient,
      Span velocity,
      Span w) {
    View vg = View.of(gradient), vv = View.of(velocity), vw = View.of(w);
    for (int i = 0; i < w.size(); i++) {
      double g = vg.get(i) + decay * vw.get(i), step = g;
      if (vv != null) {
        vv.set(i, momentum * vv.get(i) + g);
        step = nesterov ? g + momentum * vv.get(i) : vv.get(i);
      }
      vw.set(i, vw.get(i) - rate * step);
    }
  }

  @Override
  default void adamW(
      double rate,
      double beta1,
      double beta2,
      double eps,
      double decay,
      double correction1,
      double correction2,
      Span gradient,
      Span m,
      Span v,
      Span w) {
    View vg = View.of(gradient), vm = View.of(m), vv = View.of(v), vw = View.of(w);
    for (int i = 0; i < w.size(); i++) {
      double g = vg.get(i);
      vm.set(i, beta1 * vm.get(i) + (1 - beta1) * g);
      vv.set(i, beta2 * vv.get(i) + (1 - beta2) * g * g);
      double step = vm.get(i) / correction1 / (Math.sqrt(vv.get(i) / correction2) + eps);
      vw.set(i, vw.get(i) * (1 - rate * decay) - rate * step);
    }
  }
}
