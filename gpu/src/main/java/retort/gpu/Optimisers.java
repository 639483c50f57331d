package retort.gpu;

import retort.tensor.Kernels;
import retort.tensor.Span;

/// Parameter updates, in place: optimisers.cu.
interface Optimisers extends Kernels {
  Launcher gpu();

  @Override
  default void sgd(
      double rate,
      double momentum,
      boolean nesterov,
      double decay,
      Span gradient,
      Span velocity,
      Span w) {
    int n = w.size(), ahead = nesterov ? 1 : 0;
    float r = (float) rate, m = (float) momentum, d = (float) decay;
    gpu().each("sgd", n, r, m, ahead, d, n, gradient, velocity, w);
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
    gpu()
        .each(
            "adamW",
            w.size(),
            (float) rate,
            (float) beta1,
            (float) (1 - beta1),
            (float) beta2,
            (float) (1 - beta2),
            (float) eps,
            (float) (1 - rate * decay),
            (float) correction1,
            (float) correction2,
            w.size(),
            gradient,
            m,
            v,
            w);
  }
}
