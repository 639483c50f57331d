package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Kernels;
import retort.tensor.Reduction;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Sums, means and maxima over the middle of `[outer, n, inner]`.
interface Reductions extends Kernels {
  Workers workers();

  @Override
  default void reduce(Reduction r, int outer, int n, int inner, Span x, Slot y) {
    switch (r) {
      case SUM -> SumTo.middle(workers(), outer, n, inner, () -> Source.of(x), 1, y);
      case MEAN -> SumTo.middle(workers(), outer, n, inner, () -> Source.of(x), 1.0 / n, y);
      case MAX -> max(outer, n, inner, x, y);
    }
  }

  private void max(int outer, int n, int inner, Span x, Slot y) {
    float[] in = (float[]) x.array();
    Parts.rows(
        workers(),
        outer,
        n * inner,
        (from, to) -> {
          try (Into into = Into.of(y)) {
            into.fill(
                from * inner,
                to * inner,
                (out, at, i, count) -> {
                  for (int j = 0; j < count; ) {
                    int o = (i + j) / inner, c = (i + j) % inner;
                    int width = Math.min(inner - c, count - j), first = x.at() + o * n * inner + c;
                    if (inner == 1) out[at + j] = RUNS.greatest(in, first, n);
                    else maxOfRows(in, first, n, inner, out, at + j, width);
                    j += width;
                  }
                });
          }
        });
  }

  private static void maxOfRows(
      float[] x, int first, int n, int inner, float[] y, int at, int width) {
    Arrays.fill(y, at, at + width, Float.NEGATIVE_INFINITY);
    for (int r = 0; r < n; r++) RUNS.max(x, first + r * inner, y, at, width);
  }

  @Override
  default void reduceGrad(
      Reduction r, int outer, int n, int inner, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    float scale = r == Reduction.MEAN ? (float) (1.0 / n) : 1;
    float[] d = (float[]) dy.array();
    Parts.rows(
        workers(),
        outer,
        n * inner,
        (from, to) -> {
          try (Into into = Into.of(dx)) {
            into.fill(
                from * n * inner,
                to * n * inner,
                (out, at, i, count) -> {
                  for (int j = 0; j < count; ) {
                    int o = (i + j) / (n * inner), c = (i + j) % inner;
                    int left = inner == 1 ? n - (i + j) % n : inner - c;
                    int run = Math.min(left, count - j), place = dy.at() + o * inner + c;
                    if (r == Reduction.MAX) Arrays.fill(out, at + j, at + j + run, 0);
                    else if (inner == 1) Arrays.fill(out, at + j, at + j + run, scale * d[place]);
                    else RUNS.affine(0, d, place, scale, 0, out, at + j, run);
                    j += run;
                  }
                });
          }
          if (r == Reduction.MAX) toFirst(from, to, n, inner, x, y, dy, dx);
        });
  }

  /// Adds each maximum's gradient where it was first met.
  private static void toFirst(
      int from, int to, int n, int inner, Span x, Span y, Span dy, Slot dx) {
    float[] in = (float[]) x.array(), max = (float[]) y.array(), d = (float[]) dy.array();
    float[] out = (float[]) dx.span().array();
    for (int o = from; o < to; o++) {
      for (int c = 0; c < inner; c++) {
        int place = o * inner + c, at = o * n * inner + c;
        int j = 0;
        while (j < n && in[x.at() + at + j * inner] != max[y.at() + place]) j++;
        if (j < n) out[dx.span().at() + at + j * inner] += d[dy.at() + place];
      }
    }
  }

  @Override
  default double sumSquares(Span x) {
    int parts = Parts.count(x.size(), Parts.SIZE);
    double[] partial = Scratch.takeDoubles(parts);
    float[] in = (float[]) x.array();
    Parts.numbers(
        workers(),
        x.size(),
        (from, to) -> partial[from / Parts.SIZE] = RUNS.squares(in, x.at() + from, to - from, 0));
    double sum = 0;
    for (int i = 0; i < parts; i++) sum += partial[i];
    Scratch.give(partial);
    return sum;
  }
}
