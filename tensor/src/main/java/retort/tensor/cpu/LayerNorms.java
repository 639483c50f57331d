package retort.tensor.cpu;

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
            double mean = RUNS.sum(in, xo, cols) / cols;
            double rstd = 1 / Math.sqrt(RUNS.squares(in, xo, cols, mean) / cols + eps);
            float m = (float) mean, scale = (float) rstd;
            s[stats.at() + 2 * r] = m;
            s[stats.at() + 2 * r + 1] = scale;
            RUNS.affine(-m, in, xo, scale, 0, out, yo, cols);
            if (gamma == null) continue;
            float[] g = (float[]) gamma.array(), b = (float[]) beta.array();
            RUNS.fused(0, out, yo, g, gamma.at(), b, beta.at(), out, yo, cols);
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
          float[] block = Scratch.take(4 * cols);
          int at = 2 * cols * (from / each);
          rowsGrad(from, to, cols, x, gamma, stats, dy, dx, block);
          for (int i = 0; i < 2 * cols; i++) partial[at + i] = block[Scratch.ALIGN + 2 * cols + i];
          Scratch.give(block);
        });
    for (int part = 1; part < parts; part++) {
      for (int i = 0; i < 2 * cols; i++) partial[i] += partial[2 * cols * part + i];
    }
    land(partial, 0, cols, dbeta);
    land(partial, cols, cols, dgamma);
    Scratch.give(partial);
  }

  /// A part's rows. The block holds, `cols` each: the normalised x, dy gamma, and the sums of dy
  /// and of dy times the normalised x.
  private static void rowsGrad(
      int from, int to, int cols, Span x, Span gamma, Span stats, Span dy, Slot dx, float[] block) {
    float[] in = (float[]) x.array(), s = (float[]) stats.array(), dys = (float[]) dy.array();
    int norm = Scratch.ALIGN, weighted = norm + cols, sums = weighted + cols, dots = sums + cols;
    Arrays.fill(block, sums, dots + cols, 0);
    try (Into into = Into.of(dx)) {
      for (int r = from; r < to; r++) {
        int d = dy.at() + r * cols;
        float rstd = s[stats.at() + 2 * r + 1];
        RUNS.affine(-s[stats.at() + 2 * r], in, x.at() + r * cols, rstd, 0, block, norm, cols);
        RUNS.add(dys, d, block, sums, cols);
        RUNS.multiplyAdd(dys, d, block, norm, block, dots, cols);
        if (into == null) continue;
        float[] v = gamma == null ? dys : block;
        int vo = gamma == null ? d : weighted;
        if (gamma != null) {
          float[] g = (float[]) gamma.array();
          RUNS.scaled(0, dys, d, g, gamma.at(), block, weighted, cols);
        }
        float mean = (float) (RUNS.sum(v, vo, cols) / cols);
        float dot = (float) (RUNS.dot(v, vo, block, norm, cols) / cols);
        int row = r * cols;
        into.fill(
            row,
            row + cols,
            (out, at, i, n) ->
                RUNS.blend(
                    rstd,
                    v,
                    vo + i - row,
                    -rstd * dot,
                    block,
                    norm + i - row,
                    -rstd * mean,
                    out,
                    at,
                    n));
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
