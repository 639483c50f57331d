package retort.tensor.cpu;

import static retort.tensor.cpu.Maps.MAPS;
import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// Softmax and cross-entropy, a row at a time; exponentials are taken less the row's maximum, and
/// their sums and logarithms in double precision.
interface Losses extends Kernels {
  Workers workers();

  @Override
  default void softmax(int rows, int cols, boolean log, Span x, Span y) {
    float[] in = (float[]) x.array(), out = (float[]) y.array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xo = x.at() + r * cols, yo = y.at() + r * cols;
            float max = RUNS.greatest(in, xo, cols);
            double sum = MAPS.expSum(-max, in, xo, out, yo, cols);
            if (log) RUNS.affine(-max, in, xo, 1, (float) -Math.log(sum), out, yo, cols);
            else RUNS.affine(0, out, yo, (float) (1 / sum), 0, out, yo, cols);
          }
        });
  }

  @Override
  default void softmaxGrad(int rows, int cols, boolean log, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    float[] out = (float[]) y.array(), d = (float[]) dy.array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          try (Into into = Into.of(dx)) {
            for (int r = from; r < to; r++) {
              int yo = y.at() + r * cols, at = dy.at() + r * cols, row = r * cols;
              float sum = (float) (log ? RUNS.sum(d, at, cols) : RUNS.dot(d, at, out, yo, cols));
              into.fill(
                  row,
                  row + cols,
                  (g, go, i, n) -> {
                    int yi = y.at() + i, di = dy.at() + i;
                    if (!log) RUNS.scaled(-sum, d, di, out, yi, g, go, n);
                    else {
                      MAPS.value(Unary.EXP, 0, 0, out, yi, g, go, n);
                      RUNS.blend(1, d, di, -sum, g, go, 0, g, go, n);
                    }
                  });
            }
          }
        });
  }

  @Override
  default void crossEntropy(
      int rows, int cols, int[] labels, double smoothing, Span x, Span p, Span loss) {
    float[] in = (float[]) x.array(), probability = (float[]) p.array();
    float[] out = (float[]) loss.array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xo = x.at() + r * cols, po = p.at() + r * cols;
            float max = RUNS.greatest(in, xo, cols);
            double sum = MAPS.expSum(-max, in, xo, probability, po, cols);
            double lse = max + Math.log(sum);
            RUNS.affine(0, probability, po, (float) (1 / sum), 0, probability, po, cols);
            double l = (1 - smoothing) * (lse - in[xo + labels[r]]);
            if (smoothing != 0) l += smoothing * (lse - RUNS.sum(in, xo, cols) / cols);
            out[loss.at() + r] = (float) l;
          }
        });
  }

  @Override
  default void crossEntropyGrad(
      int rows, int cols, int[] labels, double smoothing, Span p, Span dloss, Slot dx) {
    if (dx == null) return;
    float[] probability = (float[]) p.array(), d = (float[]) dloss.array();
    float[] out = (float[]) dx.span().array();
    float elsewhere = (float) (smoothing / cols), label = (float) (1 - smoothing);
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            float v = d[dloss.at() + r];
            int po = p.at() + r * cols, at = dx.span().at() + r * cols;
            if (!dx.adds()) Arrays.fill(out, at, at + cols, 0);
            RUNS.blend(v, probability, po, 1, out, at, -v * elsewhere, out, at, cols);
            out[at + labels[r]] -= v * label;
          }
        });
  }
}
