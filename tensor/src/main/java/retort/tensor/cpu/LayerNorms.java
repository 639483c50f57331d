package retort.tensor.cpu;

import static retort.tensor.cpu.LayerRuns.LAYERS;
import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Layer normalisation: a row at a time, which stays in L1 between the passes over it.
interface LayerNorms extends Kernels {
  Workers workers();

  /// Rows a part of the gradient of gamma and beta, at most: so few that float32 sums them without
  /// harm; doubles take over from there.
  int ROWS = 64;

  @Override
  default void layerNorm(
      int rows, int cols, double eps, Span x, Span gamma, Span beta, Span stats, Span y) {
    float[] in = (float[]) x.array(), s = (float[]) stats.array(), out = (float[]) y.array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xo = x.at() + r * cols, yo = y.at() + r * cols;
            float mean = (float) (LAYERS.sum(in, xo, cols) / cols);
            double variance = LAYERS.squares(in, xo, cols, mean) / cols;
            float rstd = (float) (1 / Math.sqrt(variance + eps));
            s[stats.at() + 2 * r] = mean;
            s[stats.at() + 2 * r + 1] = rstd;
            if (gamma == null) {
              RUNS.affine(-mean, in, xo, rstd, 0, out, yo, cols);
            } else {
              float[] g = (float[]) gamma.array(), b = (float[]) beta.array();
              LAYERS.normalise(in, xo, mean, rstd, g, gamma.at(), b, beta.at(), out, yo, cols);
            }
          }
        });
  }

  @Override
  default void layerNormGrad(
      int rows,
      int cols,
      Span x,
      Span gamma,
      Span stats,
      Span dy,
      Slot dx,
      Slot dgamma,
      Slot dbeta) {
    int each = Math.min(ROWS, Parts.rowsEach(cols)), parts = Parts.count(rows, each);
    double[] partial = Scratch.takeDoubles(2 * cols * Math.max(1, parts));
    Parts.over(
        workers(),
        rows,
        each,
        (from, to) -> {
          float[] k = Scratch.take(5 * cols + LayerRuns.SPARE);
          int sums = Scratch.ALIGN, at = 2 * cols * (from / each);
          Arrays.fill(k, sums, sums + 2 * cols, 0);
          rowsGrad(from, to, cols, x, gamma, stats, dy, dx, k, sums);
          for (int i = 0; i < 2 * cols; i++) partial[at + i] = k[sums + i];
          Scratch.give(k);
        });
    for (int part = 1; part < parts; part++) {
      for (int i = 0; i < 2 * cols; i++) partial[i] += partial[2 * cols * part + i];
    }
    land(partial, 0, cols, dbeta);
    land(partial, cols, cols, dgamma);
    Scratch.give(partial);
  }

  /// A part's rows. From `sums` on, k holds `cols` each: the sums of dy, those of dy times the
  /// normalised x, ones that stand for a missing gamma, the normalised x, and dy gamma.
  private static void rowsGrad(
      int from,
      int to,
      int cols,
      Span x,
      Span gamma,
      Span stats,
      Span dy,
      Slot dx,
      float[] k,
      int sums) {
    float[] in = (float[]) x.array(), s = (float[]) stats.array(), d = (float[]) dy.array();
    int dots = sums + cols, ones = dots + cols, norm = ones + cols, weighted = norm + cols;
    Arrays.fill(k, ones, ones + cols, 1);
    float[] g = gamma == null ? k : (float[]) gamma.array();
    int go = gamma == null ? ones : gamma.at();
    double[] totals = new double[2];
    try (Into into = Into.of(dx)) {
      for (int r = from; r < to; r++) {
        int row = r * cols, xo = x.at() + row, at = dy.at() + row;
        float mean = s[stats.at() + 2 * r], rstd = s[stats.at() + 2 * r + 1];
        Arrays.fill(totals, 0);
        LAYERS.row(in, xo, mean, rstd, d, at, g, go, k, norm, weighted, sums, dots, cols, totals);
        if (into == null) continue;
        float ofNorm = (float) (-rstd * totals[1] / cols),
            rest = (float) (-rstd * totals[0] / cols);
        into.fill(
            row,
            row + cols,
            (out, to0, i, n) ->
                RUNS.blend(
                    rstd, k, weighted + i - row, ofNorm, k, norm + i - row, rest, out, to0, n));
      }
    }
  }

  private static void land(double[] sums, int from, int n, Slot slot) {
    if (slot == null) return;
    float[] a = (float[]) slot.span().array();
    int at = slot.span().at();
    for (int i = 0; i < n; i++) {
      a[at + i] = (float) (slot.adds() ? a[at + i] + sums[from + i] : sums[from + i]);
    }
  }
}
