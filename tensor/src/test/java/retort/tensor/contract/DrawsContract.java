package retort.tensor.contract;

import org.junit.jupiter.api.Test;
import retort.tensor.Philox;
import retort.tensor.Span;

/// Random numbers: the same draws on every device.
interface DrawsContract extends Agreement {
  /// 32 random bits, rounded (down, so that 1 is never reached) to the 24 of a float: 2^-24 at
  /// most.
  Tolerance UNIFORM = new Tolerance(0, 1.2e-7);

  /// A logarithm, a root and a sine in float32 or better.
  Tolerance NORMAL = new Tolerance(1e-6, 1e-6);

  /// A draw is kept or not exactly as on the judge; what is kept is scaled and perhaps added, with
  /// a rounding of the scale, the product and the sum.
  Tolerance DROPPED = new Tolerance(3e-7, 3e-7);

  Philox DRAWS = Philox.of(7, "contract", 3);

  @Test
  default void uniform() {
    for (int n : SIZES) agree("uniform " + n, UNIFORM, d -> d.kernels().uniform(DRAWS, d.out(n)));
    agree("uniform", UNIFORM, d -> d.kernels().uniform(DRAWS, d.out(LARGE)));
  }

  @Test
  default void normal() {
    for (int n : SIZES) agree("normal " + n, NORMAL, d -> d.kernels().normal(DRAWS, d.out(n)));
    agree("normal", NORMAL, d -> d.kernels().normal(DRAWS, d.out(LARGE)));
  }

  @Test
  default void dropout() {
    for (double p : new double[] {0, 0.1, 0.5, 0.97}) {
      for (int n : SIZES) dropout(p, n);
      dropout(p, LARGE);
    }
    agree(
        "dropout in place",
        DROPPED,
        d -> {
          Span x = d.compared(d.in(77));
          d.kernels().dropout(0.3, DRAWS, x, retort.tensor.Slot.write(x));
        });
  }

  private void dropout(double p, int n) {
    agree(
        "dropout " + p + " of " + n,
        DROPPED,
        d -> d.kernels().dropout(p, DRAWS, d.in(n), d.slot(n)));
  }
}
