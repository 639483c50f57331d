package retort.tensor.contract;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import retort.tensor.Span;

/// Parameter updates.
interface OptimisersContract extends Agreement {
  /// Three steps of a few roundings each.
  Tolerance STEPPED = new Tolerance(2e-6, 1e-6);

  int STEPS = 3;

  @Test
  default void sgd() {
    for (int n : new int[] {1, 3, 13, 16, 100, 1027, LARGE}) {
      for (int k = 0; k < 4; k++) {
        double momentum = k == 0 ? 0 : 0.9, decay = k == 1 ? 0 : 0.01;
        boolean nesterov = k == 3;
        agree(
            "sgd of " + n + ", momentum " + momentum + ", nesterov " + nesterov,
            STEPPED,
            d -> {
              Span w = d.compared(d.in(n)), v = momentum == 0 ? null : d.compared(d.in(n));
              for (int step = 0; step < STEPS; step++) {
                d.kernels().sgd(0.1, momentum, nesterov, decay, d.in(n), v, w);
              }
            });
      }
    }
  }

  @Test
  default void adamW() {
    for (int n : new int[] {1, 3, 13, 16, 100, 1027, LARGE}) {
      agree(
          "adamW of " + n,
          STEPPED,
          d -> {
            Span w = d.compared(d.in(n));
            Span m = d.compared(d.in(new double[n])), v = d.compared(d.in(new double[n]));
            for (int step = 1; step <= STEPS; step++) {
              d.kernels()
                  .adamW(
                      0.001,
                      0.9,
                      0.999,
                      1e-8,
                      0.05,
                      1 - Math.pow(0.9, step),
                      1 - Math.pow(0.999, step),
                      d.in(n),
                      m,
                      v,
                      w);
            }
          });
    }
  }

  /// Longer than allowed, shorter, of a norm that is none; one run of nothing, and none at all.
  @Test
  default void shorten() {
    for (double longest : new double[] {0.5, 1e6}) {
      for (double eps : new double[] {0, 0.25}) {
        agree(
            "shorten to " + longest + " with " + eps,
            STEPPED,
            d -> {
              List<Span> runs = new ArrayList<>();
              for (int n : new int[] {1, 0, 13, 1027, LARGE}) runs.add(d.compared(d.in(n)));
              d.kernels().shorten(longest, eps, runs);
            });
      }
    }
    agree(
        "shorten what is no number",
        STEPPED,
        d -> {
          Span x = d.compared(d.in(3, 4)), nan = d.in(Double.NaN);
          d.kernels().shorten(1, 0, List.of(x, nan));
          d.kernels().shorten(1, 0, List.of());
        });
    agree(
        "shorten squares beyond float32",
        STEPPED,
        d -> d.kernels().shorten(1, 0, List.of(d.compared(d.in(1e20, -1e20, 1e19)))));
  }

  /// A weight or a direction without length takes the direction as it is.
  @Test
  default void lamb() {
    for (int n : new int[] {1, 3, 13, 16, 100, 1027, LARGE}) {
      agree(
          "lamb of " + n,
          STEPPED,
          d -> {
            Span w = d.compared(d.in(n));
            for (int step = 0; step < STEPS; step++) d.kernels().lamb(0.1, d.in(n), w);
          });
    }
    agree(
        "lamb without length",
        STEPPED,
        d -> {
          Span none = d.compared(d.in(0, 0)), some = d.compared(d.in(3, 4));
          d.kernels().lamb(0.1, d.in(1, 2), none);
          d.kernels().lamb(0.1, d.in(0, 0), some);
        });
  }
}
