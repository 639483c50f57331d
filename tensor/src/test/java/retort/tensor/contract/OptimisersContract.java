package retort.tensor.contract;

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
}
