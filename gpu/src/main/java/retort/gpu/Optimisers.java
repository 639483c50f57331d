package retort.gpu;

import java.util.List;
import java.util.function.BiConsumer;
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

  @Override
  default void shorten(double longest, double eps, List<Span> xs) {
    squares(
        xs,
        (totals, factor) -> {
          gpu().each("shortening", 1, longest, eps, xs.size(), totals, factor);
          for (Span x : xs) gpu().each("scaled", x.size(), 0, x.size(), factor, x, x);
        });
  }

  @Override
  default void lamb(double rate, Span direction, Span w) {
    squares(
        List.of(w, direction),
        (totals, factor) -> {
          gpu().each("lambStep", 1, rate, totals, factor);
          gpu().each("scaled", w.size(), 1, w.size(), factor, direction, w);
        });
  }

  /// The sums of squares of some runs as doubles, one after another, and a place for a number that
  /// is made of them.
  private void squares(List<Span> xs, BiConsumer<Span, Span> use) {
    int doubles = 2 * xs.size(); // in floats
    gpu()
        .scratch(
            doubles + 1,
            s -> {
              for (int i = 0; i < xs.size(); i++) gpu().squares(xs.get(i), s.slice(2 * i, 2));
              use.accept(s.slice(0, doubles), s.slice(doubles, 1));
            });
  }
}
