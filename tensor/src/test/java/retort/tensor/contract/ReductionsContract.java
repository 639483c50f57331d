package retort.tensor.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import retort.tensor.Reduction;

/// Sums, means and maxima.
interface ReductionsContract extends Agreement {
  /// Long sums run in double precision or in short float runs that doubles gather: the error is a
  /// few roundings of the terms however many there are. A sum that cancels is judged by the scale
  /// of its neighbours, and alone by that of its terms, which [#LIFTED] keeps off 0.
  Tolerance REDUCED = new Tolerance(1e-6, 1e-6);

  /// The terms' mean: sums then don't cancel.
  double LIFTED = 0.5;

  int[][] BLOCKS = {
    {1, 1, 1},
    {1, 7, 1},
    {5, 1, 3},
    {3, 13, 1},
    {1, 9, 16},
    {4, 6, 5},
    {2, 31, 33},
    {2, 1027, 1},
    {1, 300, 3},
    {1, 70_001, 1},
    {300, 250, 1},
    {1, 5000, 40},
    {30, 49, 100},
    {3, 2, 20_000},
    {0, 4, 2}
  };

  @Test
  default void reduce() {
    for (Reduction r : Reduction.values()) {
      for (int[] b : BLOCKS) {
        int outer = b[0], n = b[1], inner = b[2];
        agree(
            r + " over the middle of " + Arrays.toString(b),
            REDUCED,
            d -> {
              var y = d.slot(outer * inner);
              if (y == null) return;
              d.kernels().reduce(r, outer, n, inner, d.in(outer * n * inner, -1, 1 + LIFTED), y);
            });
      }
    }
    agree(
        "the sum of nothing",
        REDUCED,
        d ->
            d.kernels()
                .reduce(Reduction.SUM, 3, 0, 2, d.in(0), retort.tensor.Slot.write(d.out(6))));
  }

  @Test
  default void reduceGrad() {
    for (Reduction r : Reduction.values()) {
      boolean max = r == Reduction.MAX;
      for (int[] b : BLOCKS) {
        int outer = b[0], n = b[1], inner = b[2];
        agree(
            r + " gradient over the middle of " + Arrays.toString(b),
            REDUCED,
            d -> {
              var x = max ? d.ties(outer * n * inner, 5) : null;
              var y = max ? d.compared(d.in(new double[outer * inner])) : null;
              if (max) {
                d.kernels().reduce(r, outer, n, inner, x, retort.tensor.Slot.write(y));
              }
              d.kernels()
                  .reduceGrad(
                      r, outer, n, inner, x, y, d.in(outer * inner), d.slot(outer * n * inner));
            });
      }
    }
  }

  @Test
  default void sumSquares() {
    for (int n : new int[] {0, 1, 3, 17, 1027, LARGE}) {
      double[] sums = new double[2];
      int[] call = {0};
      agree(
          "sumSquares of " + n,
          REDUCED,
          d -> sums[Math.min(call[0]++, 1)] = d.kernels().sumSquares(d.in(n)));
      assertThat(sums[1])
          .isCloseTo(sums[0], org.assertj.core.data.Offset.offset(1e-9 * sums[0] + 1e-300));
    }
  }

  /// Its squares would overflow in float32.
  @Test
  default void sumSquaresOfLargeNumbers() {
    agree(
        "sumSquares of 1e20",
        REDUCED,
        d ->
            assertThat(d.kernels().sumSquares(d.in(1e20, 1e20, -1e20)))
                .isCloseTo(3e40, org.assertj.core.data.Offset.offset(1e34)));
  }
}
