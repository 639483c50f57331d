package retort.tensor.cpu;

import static retort.tensor.cpu.ChannelRuns.CHANNELS;
import static retort.tensor.cpu.ChannelSums.SUMS;
import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Slot;
import retort.tensor.Span;

/// A block `[rows, cols]` whose columns are channels, walked in memory order.
///
/// Rows may be as short as three numbers, so several are taken together as one run of some [#WIDE]
/// numbers, and each channel's constants are repeated to that length: then no loop is short,
/// whatever the number of channels, and none walks a column through the whole tensor, which costs
/// five to seven times as much. The constants, five runs of them, stay in L1.
record Channels(Workers team, int rows, int cols) {
  private static final int WIDE = 512;

  /// Numbers a run of sums, or a multiple of them, where whole rows can fill it: whole vectors of
  /// any width, and as few as can be, to be read in order.
  private static final int NARROW = 64;

  /// Numbers whose sums are taken column by column: 16 KiB, which the first-level cache keeps from
  /// one column to the next.
  private static final int BLOCK = 1 << 12;

  /// How many rows are looked at for a first guess of a channel's mean.
  private static final int SAMPLE = 64;

  /// Numbers a run.
  int wide() {
    return cols * Math.max(1, WIDE / cols);
  }

  /// Room for some runs of constants.
  float[] take(int runs) {
    return Scratch.take(runs * wide());
  }

  /// Where the k-th run of constants begins.
  int place(int k) {
    return Scratch.ALIGN + k * wide();
  }

  /// Copies the first `cols` constants of the k-th run over the rest of it.
  void repeat(float[] constants, int k) {
    int from = place(k);
    for (int i = cols; i < wide(); i += cols) {
      System.arraycopy(constants, from, constants, from + i, cols);
    }
  }

  /// One run of pixels: n numbers from number i on, whose constants begin `phase` into their runs.
  interface Run {
    void over(int i, int phase, int n);
  }

  /// Calls `run` for all numbers from one up to, and without, another.
  void runs(int from, int to, Run run) {
    int wide = wide();
    for (int i = from, n; i < to; i += n) {
      int phase = i % wide;
      n = Math.min(wide - phase, to - i);
      run.over(i, phase, n);
    }
  }

  /// From the last part to the first: this is the second pass over the block, and the end of it is
  /// still in L2 from the first.
  void parts(Parts.Range range) {
    int each = Parts.rowsEach(cols), parts = Parts.count(rows, each);
    team.run(
        parts,
        part -> {
          int from = (parts - 1 - part) * each;
          range.run(from * cols, Math.min(rows, from + each) * cols);
        });
  }

  /// Numbers a run of sums.
  private int sumsWide() {
    for (int wide = cols; wide <= wide(); wide += cols) if (wide % NARROW == 0) return wide;
    return wide();
  }

  /// Adds `rows` rows of `wide` numbers, from number i on, to two runs of sums, which begin at
  /// `one` and `other`.
  interface Addend {
    void add(float[] sums, int one, int other, int i, int rows, int wide);
  }

  /// Two sums a channel over all rows, `[2, cols]`, in an array to be given back. Float32 adds up
  /// to 64 numbers, and a few such sums, without harm; doubles take over from there.
  double[] sums(Addend addend) {
    int each = Parts.rowsEach(cols), parts = Parts.count(rows, each);
    int wide = sumsWide(), block = wide * Math.max(1, BLOCK / wide);
    double[] partial = Scratch.takeDoubles(Math.max(1, parts) * 2 * cols);
    Parts.over(
        team,
        rows,
        each,
        (from, to) -> {
          float[] k = take(2);
          int one = place(0), other = place(1), end = to * cols;
          Arrays.fill(k, one, other + wide, 0);
          for (int i = from * cols, n; i < end; i += n) {
            n = Math.min(block, (end - i) / wide * wide);
            if (n > 0) addend.add(k, one, other, i, n / wide, wide);
            else addend.add(k, one, other, i, 1, n = end - i);
          }
          int at = from / each * 2 * cols;
          for (int s = 0; s < 2; s++, at += cols) {
            Arrays.fill(partial, at, at + cols, 0);
            for (int i = 0; i < wide; i += cols) {
              RUNS.accumulate(k, place(s) + i, partial, at, cols);
            }
          }
          Scratch.give(k);
        });
    for (int part = 1; part < parts; part++) {
      for (int c = 0; c < 2 * cols; c++) partial[c] += partial[part * 2 * cols + c];
    }
    return partial;
  }

  /// Reads rows ahead that are wider than the columns whose sums are taken at a time: narrower ones
  /// are read in order anyway.
  static void meet(float[] a, int from, int rows, int wide) {
    if (wide > NARROW) ReadAhead.of(a, from, from + rows * wide);
  }

  /// Mean and biased variance a channel. Both are summed in one pass, about a guess of the mean
  /// from a few rows spread over the block: so near that nothing cancels, however far from 0 the
  /// numbers are.
  void moments(Span x, Span stats) {
    float[] in = (float[]) x.array(), out = (float[]) stats.array(), k = take(1);
    int sample = Math.min(rows, SAMPLE), centre = place(0);
    double[] guess = Scratch.takeDoubles(cols);
    Arrays.fill(guess, 0, cols, 0);
    for (int i = 0; i < sample; i++) {
      int row = (int) ((long) i * rows / sample);
      RUNS.accumulate(in, x.at() + row * cols, guess, 0, cols);
    }
    for (int c = 0; c < cols; c++) k[centre + c] = (float) (guess[c] / sample);
    Scratch.give(guess);
    repeat(k, 0);
    double[] sums =
        sums((s, a, b, i, n, wide) -> {
          int from = x.at() + i;
          meet(in, from, n, wide);
          SUMS.moments(in, from, n, wide, wide, k, centre, s, a, b);
        });
    for (int c = 0; c < cols; c++) {
      double off = sums[c] / rows;
      out[stats.at() + c] = (float) (k[centre + c] + off);
      out[stats.at() + cols + c] = (float) Math.max(0, sums[cols + c] / rows - off * off);
    }
    Scratch.give(sums);
    Scratch.give(k);
  }

  /// y = act((x - mean) scale + shift + residual), the constants being the first three runs of k.
  void scale(float[] k, boolean relu, Span x, Span residual, Slot y) {
    float[] in = (float[]) x.array(), extra = residual == null ? null : (float[]) residual.array();
    float floor = relu ? 0 : Float.NaN;
    int mean = place(0), scale = place(1), shift = place(2);
    parts((from, to) -> {
      try (Into into = Into.of(y)) {
        into.fill(
            from,
            to,
            (out, at, first, count) ->
                runs(
                    first,
                    first + count,
                    (i, phase, n) -> {
                      int xo = x.at() + i, yo = at + i - first;
                      int m = mean + phase, s = scale + phase, t = shift + phase;
                      if (extra == null) CHANNELS.scale(in, xo, k, m, s, t, floor, out, yo, n);
                      else {
                        int ro = residual.at() + i;
                        CHANNELS.scaleAdd(in, xo, k, m, s, t, extra, ro, floor, out, yo, n);
                      }
                    }));
      }
    });
  }
}
