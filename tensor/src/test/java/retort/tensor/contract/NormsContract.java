package retort.tensor.contract;

import org.junit.jupiter.api.Test;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Batch and layer normalisation, and the modulation of adaptive layer norm.
interface NormsContract extends Agreement {
  /// Statistics are summed about a mean and gathered in double precision: a few roundings of the
  /// numbers, however many there are and however far from 0.
  Tolerance STATISTICS = new Tolerance(2e-6, 2e-6);

  /// A few roundings of numbers that cancel to the scale of the results.
  Tolerance NORMALISED = new Tolerance(2e-6, 4e-6);

  /// Sums of up to 9,000 products of rounded factors, over the rows.
  Tolerance NORM_GRADIENT = new Tolerance(1e-5, 1e-5);

  int[][] ROWS_COLS = {
    {1, 1},
    {2, 3},
    {5, 1},
    {3, 16},
    {7, 10},
    {33, 8},
    {100, 33},
    {64, 64},
    {9, 300},
    {6, 1027},
    {5001, 16},
    {9001, 3},
    {600, 130},
    {100, 768}
  };

  @Test
  default void moments() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1];
      agree(
          "moments of " + rows + " x " + cols,
          STATISTICS,
          d -> d.kernels().moments(rows, cols, d.in(rows * cols, -1, 2), d.out(2 * cols)));
    }
  }

  /// Mean 300, deviation 0.3: in float32 the mean of squares less the squared mean leaves nothing.
  @Test
  default void momentsFarFromZero() {
    agree(
        "moments far from 0",
        new Tolerance(1e-4, 0),
        d -> d.kernels().moments(5000, 7, d.in(35_000, 299.5, 300.5), d.out(14)));
  }

  @Test
  default void momentsGrad() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1];
      agree(
          "momentsGrad of " + rows + " x " + cols,
          NORMALISED,
          d ->
              d.kernels()
                  .momentsGrad(
                      rows,
                      cols,
                      d.in(rows * cols),
                      d.in(2 * cols),
                      d.in(2 * cols),
                      d.slot(rows * cols)));
    }
  }

  /// Means about 0, variances about 1.
  private static Span stats(Side d, int cols) {
    double[] s = new double[2 * cols];
    for (int i = 0; i < cols; i++) {
      s[i] = 0.1 * (i % 7) - 0.3;
      s[cols + i] = 0.5 + 0.1 * (i % 11);
    }
    return d.in(s);
  }

  @Test
  default void batchNorm() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1];
      for (int k = 0; k < 4; k++) {
        boolean relu = (k & 1) != 0, residual = (k & 2) != 0;
        agree(
            "batchNorm of "
                + rows
                + " x "
                + cols
                + (relu ? ", relu" : "")
                + (residual ? ", residual" : ""),
            NORMALISED,
            d ->
                d.kernels()
                    .batchNorm(
                        rows,
                        cols,
                        1e-5,
                        relu,
                        d.in(rows * cols),
                        stats(d, cols),
                        d.in(cols),
                        d.in(cols),
                        residual ? d.in(rows * cols) : null,
                        d.out(rows * cols)));
      }
    }
  }

  @Test
  default void batchNormGrad() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1], n = rows * cols;
      for (int k = 0; k < 8; k++) {
        boolean relu = (k & 1) != 0, batchStats = (k & 2) != 0, residual = (k & 4) != 0;
        if (n > 20_000 && k != 3 && k != 7)
          continue; // the large ones in the forms that training uses
        agree(
            "batchNormGrad of "
                + rows
                + " x "
                + cols
                + ", relu "
                + relu
                + ", batchStats "
                + batchStats
                + ", residual "
                + residual,
            NORM_GRADIENT,
            d -> {
              Span x = d.in(n), stats = stats(d, cols), gamma = d.in(cols), beta = d.in(cols);
              Span y = relu ? d.ties(n, 2) : null;
              if (relu && !residual) {
                y = d.out(n);
                d.kernels().batchNorm(rows, cols, 1e-5, true, x, stats, gamma, beta, null, y);
              }
              d.kernels()
                  .batchNormGrad(
                      rows,
                      cols,
                      1e-5,
                      relu,
                      batchStats,
                      x,
                      stats,
                      gamma,
                      residual ? null : beta,
                      y,
                      d.in(n),
                      d.slot(n),
                      d.slot(cols),
                      d.slot(cols),
                      residual ? d.slot(n) : null);
            });
      }
    }
  }

  @Test
  default void batchNormGradOverDy() {
    int rows = 600, cols = 33, n = rows * cols;
    for (int k = 0; k < 4; k++) {
      boolean relu = (k & 1) != 0, residual = (k & 2) != 0;
      agree(
          "batchNormGrad over dy, relu " + relu + ", residual " + residual,
          NORM_GRADIENT,
          d -> {
            Span x = d.in(n), stats = stats(d, cols), gamma = d.in(cols), beta = d.in(cols);
            Span y = d.out(n), dy = d.compared(d.in(n));
            Span extra = residual ? d.in(n) : null;
            d.kernels().batchNorm(rows, cols, 1e-5, relu, x, stats, gamma, beta, extra, y);
            d.kernels()
                .batchNormGrad(
                    rows,
                    cols,
                    1e-5,
                    relu,
                    true,
                    x,
                    stats,
                    gamma,
                    residual ? null : beta,
                    y,
                    dy,
                    residual ? d.slot(n) : Slot.write(dy),
                    d.slot(cols),
                    d.slot(cols),
                    residual ? Slot.write(dy) : null);
          });
    }
  }

  @Test
  default void layerNormGradOverDy() {
    int rows = 70, cols = 300, n = rows * cols;
    agree(
        "layerNormGrad over dy",
        NORM_GRADIENT,
        d -> {
          Span x = d.in(n), gamma = d.in(cols), stats = stats(d, rows), dy = d.compared(d.in(n));
          Slot dgamma = d.slot(cols), dbeta = d.slot(cols);
          d.kernels().layerNormGrad(rows, cols, x, gamma, stats, dy, Slot.write(dy), dgamma, dbeta);
        });
  }

  @Test
  default void gatedAddGradOverDy() {
    int rows = 40, cols = 33, width = 2 * cols;
    agree(
        "gatedAddGrad over dy",
        NORMALISED,
        d -> {
          Span ada = d.in(rows * width), u = d.in(rows * cols);
          Span dy = d.compared(d.in(rows * cols));
          Slot dada = d.sum(rows * width), du = d.slot(rows * cols);
          d.kernels().gatedAddGrad(rows, cols, width, cols, ada, u, dy, Slot.write(dy), dada, du);
        });
  }

  @Test
  default void layerNorm() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1];
      for (boolean affine : new boolean[] {false, true}) {
        agree(
            "layerNorm of " + rows + " x " + cols + ", affine " + affine,
            NORMALISED,
            d ->
                d.kernels()
                    .layerNorm(
                        rows,
                        cols,
                        1e-3,
                        d.in(rows * cols, -1, 3),
                        affine ? d.in(cols) : null,
                        affine ? d.in(cols) : null,
                        d.out(2 * rows),
                        d.out(rows * cols)));
      }
    }
  }

  @Test
  default void layerNormFarFromZero() {
    agree(
        "layerNorm far from 0",
        new Tolerance(3e-4, 3e-4), // x itself is rounded to 1e-5 of its deviation
        d ->
            d.kernels()
                .layerNorm(
                    20, 70, 1e-6, d.in(1400, 299.5, 300.5), null, null, d.out(40), d.out(1400)));
  }

  @Test
  default void layerNormGrad() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1], n = rows * cols;
      for (boolean affine : new boolean[] {false, true}) {
        agree(
            "layerNormGrad of " + rows + " x " + cols + ", affine " + affine,
            NORM_GRADIENT,
            d ->
                d.kernels()
                    .layerNormGrad(
                        rows,
                        cols,
                        d.in(n),
                        affine ? d.in(cols) : null,
                        d.in(2 * rows, 0.2, 1.2),
                        d.in(n),
                        d.slot(n),
                        affine ? d.slot(cols) : null,
                        affine ? d.slot(cols) : null));
      }
    }
  }

  @Test
  default void modulate() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1], n = rows * cols, width = 3 * cols + 2;
      if (n > 60_000) continue;
      agree(
          "modulate " + rows + " x " + cols,
          NORMALISED,
          d ->
              d.kernels()
                  .modulate(rows, cols, width, 1, cols + 2, d.in(n), d.in(rows * width), d.out(n)));
      agree(
          "modulateGrad " + rows + " x " + cols,
          NORMALISED,
          d ->
              d.kernels()
                  .modulateGrad(
                      rows,
                      cols,
                      width,
                      1,
                      cols + 2,
                      d.in(n),
                      d.in(rows * width),
                      d.in(n),
                      d.slot(n),
                      d.sum(rows * width)));
    }
  }

  @Test
  default void gatedAdd() {
    for (int[] s : ROWS_COLS) {
      int rows = s[0], cols = s[1], n = rows * cols, width = 2 * cols + 3;
      if (n > 60_000) continue;
      agree(
          "gatedAdd " + rows + " x " + cols,
          NORMALISED,
          d ->
              d.kernels()
                  .gatedAdd(
                      rows, cols, width, cols + 1, d.in(n), d.in(rows * width), d.in(n), d.out(n)));
      agree(
          "gatedAddGrad " + rows + " x " + cols,
          NORMALISED,
          d ->
              d.kernels()
                  .gatedAddGrad(
                      rows,
                      cols,
                      width,
                      cols + 1,
                      d.in(rows * width),
                      d.in(n),
                      d.in(n),
                      d.slot(n),
                      d.sum(rows * width),
                      d.slot(n)));
    }
  }
}
