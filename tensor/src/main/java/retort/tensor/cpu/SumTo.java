package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import java.util.function.Supplier;
import retort.tensor.Slot;

/// Sums numbers over some axes, in double precision. The sums are cut by the problem and combined
/// in the order of the parts, so that their bits don't depend on the team.
final class SumTo {
  /// Rows narrower than [#NARROW] are summed several at a time, so many that a run has about this
  /// length: shorter loops spend their time on their ends.
  private static final int WIDE = 512;

  /// From this width on some columns of a block of rows are summed in registers: of 64 columns at
  /// twice the speed.
  private static final int NARROW = 32;

  private SumTo() {}

  /// Sums a dense block into a smaller one, whose strides over it are 0 where it sums.
  static void strided(Workers team, Strides to, Supplier<Source> source, Slot y) {
    int[] d = to.dims(), s = to.strides();
    if (to.rank() == 1) middle(team, 1, d[0], 1, source, 1, y);
    else if (to.rank() == 2 && s[0] == 0 && s[1] == 1) middle(team, 1, d[0], d[1], source, 1, y);
    else if (to.rank() == 2 && s[0] == 1 && s[1] == 0) middle(team, d[0], d[1], 1, source, 1, y);
    else if (to.rank() == 3 && s[0] == d[2] && s[1] == 0 && s[2] == 1) {
      middle(team, d[0], d[1], d[2], source, 1, y);
    } else anyhow(to, source, y);
  }

  /// y = scale times the sum over the middle of `[outer, n, inner]`.
  static void middle(
      Workers team, int outer, int n, int inner, Supplier<Source> source, double scale, Slot y) {
    if (inner == 1 && n > 0 && n <= Into.BLOCK) {
      shortRows(team, outer, n, source, scale, y);
      return;
    }
    int columns = Math.min(inner, Into.BLOCK), strips = Parts.count(inner, Math.max(1, columns));
    int rows = Parts.rowsEach(columns), pieces = Math.max(1, Parts.count(n, rows));
    int jobs = outer * pieces * strips;
    int each = pieces * strips > 1 ? 1 : Math.max(1, Parts.SIZE / Math.max(1, n * inner));
    double[] partial = pieces > 1 ? Scratch.takeDoubles(outer * pieces * inner) : null;
    Parts.over(
        team,
        jobs,
        each,
        (from, to) -> {
          double[] sums = Scratch.takeDoubles(Into.BLOCK + WIDE);
          try (Source x = source.get()) {
            for (int job = from; job < to; job++) {
              int strip = job % strips, piece = job / strips % pieces, o = job / strips / pieces;
              int first = o * n + piece * rows, last = o * n + Math.min(n, (piece + 1) * rows);
              int c = strip * columns, width = Math.min(columns, inner - c);
              columns(x, first, last, inner, c, width, sums);
              if (partial == null) land(sums, 0, width, scale, y, o * inner + c);
              else System.arraycopy(sums, 0, partial, (o * pieces + piece) * inner + c, width);
            }
          }
          Scratch.give(sums);
        });
    if (partial == null) return;
    for (int o = 0; o < outer; o++) {
      int at = o * pieces * inner;
      for (int piece = 1; piece < pieces; piece++) {
        for (int j = 0; j < inner; j++) partial[at + j] += partial[at + piece * inner + j];
      }
      land(partial, at, inner, scale, y, o * inner);
    }
    Scratch.give(partial);
  }

  /// Rows of which a block holds at least one.
  private static void shortRows(
      Workers team, int rows, int n, Supplier<Source> source, double scale, Slot y) {
    int together = Into.BLOCK / n, first = y.span().at();
    float[] out = (float[]) y.span().array();
    Parts.rows(
        team,
        rows,
        n,
        (from, to) -> {
          try (Source x = source.get()) {
            for (int r = from; r < to; r += together) {
              int end = Math.min(to, r + together);
              x.reach(r * n, (end - r) * n);
              for (int i = r; i < end; i++) {
                double v = scale * RUNS.sum(x.array, x.place + (i - r) * n, n);
                out[first + i] = (float) (y.adds() ? out[first + i] + v : v);
              }
            }
          }
        });
  }

  /// Sums columns c to c + width - 1 of some rows of `inner` numbers.
  private static void columns(
      Source x, int first, int last, int inner, int c, int width, double[] sums) {
    if (inner == 1) {
      double sum = 0;
      for (int i = first; i < last; i += Into.BLOCK) {
        int n = Math.min(Into.BLOCK, last - i);
        x.reach(i, n);
        sum += RUNS.sum(x.array, x.place, n);
      }
      sums[0] = sum;
      return;
    }
    if (width == inner && inner >= NARROW) {
      Arrays.fill(sums, 0, width, 0);
      int rows = Into.BLOCK / inner;
      for (int r = first; r < last; r += rows) {
        int n = Math.min(rows, last - r);
        x.reach(r * inner, n * inner);
        RUNS.accumulateRows(x.array, x.place, n, inner, sums);
      }
      return;
    }
    int together = width == inner ? Math.max(1, WIDE / inner) : 1;
    Arrays.fill(sums, 0, together * width, 0);
    for (int r = first; r < last; r += together) {
      int n = Math.min(together, last - r) * width;
      x.reach(r * inner + c, n);
      RUNS.accumulate(x.array, x.place, sums, 0, n);
    }
    for (int i = width; i < together * width; i++) sums[i % width] += sums[i];
  }

  private static void land(double[] sums, int at, int n, double scale, Slot y, int place) {
    float[] out = (float[]) y.span().array();
    int to = y.span().at() + place;
    for (int j = 0; j < n; j++) {
      double v = scale * sums[at + j];
      out[to + j] = (float) (y.adds() ? out[to + j] + v : v);
    }
  }

  /// Any other pattern, such as two axes summed with one between them: rare, and left to one
  /// thread.
  private static void anyhow(Strides to, Supplier<Source> source, Slot y) {
    int size = to.size(), inner = to.lastDim();
    double[] sums = Scratch.takeDoubles(y.span().size());
    Arrays.fill(sums, 0, y.span().size(), 0);
    try (Source x = source.get()) {
      for (int i = 0, n; i < size; i += n) {
        n = Math.min(Into.BLOCK, inner - i % inner);
        x.reach(i, n);
        int at = to.place(i);
        if (to.lastStride() == 0) sums[at] += RUNS.sum(x.array, x.place, n);
        else RUNS.accumulate(x.array, x.place, sums, at, n);
      }
    }
    land(sums, 0, y.span().size(), 1, y, 0);
    Scratch.give(sums);
  }
}
