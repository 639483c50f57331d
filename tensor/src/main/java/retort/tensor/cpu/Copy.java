package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Move;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Copies a [Route] without sums: whole runs where both sides lie dense along the last axis, small
/// squares where it is dense on one side only, number by number else.
record Copy(Route route, Move move, Span x, Slot y) {
  /// The side of a square of a transposed copy: its 32 cache lines on either side fit L1 however
  /// far apart they lie.
  private static final int SQUARE = 32;

  void run(Workers team) {
    int runs = route.runs(), length = route.length();
    if (route.toStep() == 1 && route.fromStep() <= 1) {
      Parts.rows(team, runs, length, this::straight);
      return;
    }
    // Strips of squares along the axis that is dense on one side; a run is the other one.
    int across = denseAxis();
    if (across < 0) Parts.rows(team, runs, length, this::single);
    else transposed(team, across);
  }

  private float[] in() {
    return (float[]) x.array();
  }

  private float[] out() {
    return (float[]) y.span().array();
  }

  private int fromPlace(int run) {
    return x.at() + move.fromAt() + route.place(run, route.from());
  }

  private int toPlace(int run) {
    return y.span().at() + move.toAt() + route.place(run, route.to());
  }

  private void straight(int first, int last) {
    int n = route.length();
    for (int r = first; r < last; r++) {
      int a = fromPlace(r), b = toPlace(r);
      if (route.fromStep() == 0) {
        float v = in()[a];
        if (!y.adds()) Arrays.fill(out(), b, b + n, v);
        else for (int i = 0; i < n; i++) out()[b + i] += v;
      } else if (y.adds()) {
        RUNS.add(in(), a, out(), b, n);
      } else {
        System.arraycopy(in(), a, out(), b, n);
      }
    }
  }

  private void single(int first, int last) {
    for (int r = first; r < last; r++) along(fromPlace(r), toPlace(r), 0, route.length());
  }

  private void along(int a, int b, int from, int to) {
    float[] in = in(), out = out();
    int f = route.fromStep(), t = route.toStep();
    if (y.adds()) for (int i = from; i < to; i++) out[b + i * t] += in[a + i * f];
    else for (int i = from; i < to; i++) out[b + i * t] = in[a + i * f];
  }

  /// The axis that is dense on the side on which the last one isn't, or -1.
  private int denseAxis() {
    int[] other = route.toStep() == 1 ? route.from() : route.to();
    for (int i = route.dims().length - 2; i >= 0; i--) if (other[i] == 1) return i;
    return -1;
  }

  /// A part takes whole strips: for one index of every axis but two, up to 32 indices of the axis
  /// that is dense on the other side, and all of the last.
  private void transposed(Workers team, int across) {
    int extent = route.dims()[across], strips = Parts.count(extent, SQUARE);
    int below = 1; // runs between one index of `across` and the next
    for (int i = across + 1; i < route.dims().length - 1; i++) below *= route.dims()[i];
    int inside = below;
    int blocks = route.runs() / extent * strips;
    Parts.rows(
        team,
        blocks,
        SQUARE * route.length(),
        (first, last) -> {
          for (int block = first; block < last; block++) {
            int strip = block % strips, rest = block / strips;
            int run = rest / inside * inside * extent + rest % inside;
            int from = strip * SQUARE, to = Math.min(extent, from + SQUARE);
            squares(fromPlace(run), toPlace(run), across, from, to);
          }
        });
  }

  /// Squares go through a small buffer, so that both sides are touched a whole line at a time:
  /// lines of far rows, often a power of two apart, push each other out of L1 before they come up
  /// again.
  private void squares(int a, int b, int across, int from, int to) {
    float[] in = in(), out = out(), square = new float[SQUARE * SQUARE];
    int n = route.length(), width = to - from;
    boolean denseOut = route.toStep() == 1;
    int inLine = denseOut ? route.fromStep() : route.from()[across];
    int outLine = denseOut ? route.to()[across] : route.toStep();
    int first = from * (denseOut ? 1 : inLine), second = from * (denseOut ? outLine : 1);
    for (int i = 0; i < n; i += SQUARE) {
      int height = Math.min(SQUARE, n - i);
      int lines = denseOut ? height : width, numbers = denseOut ? width : height;
      int inAt = a + first + i * route.fromStep(), outAt = b + second + i * route.toStep();
      for (int j = 0; j < lines; j++) {
        for (int k = 0; k < numbers; k++) square[k * SQUARE + j] = in[inAt + j * inLine + k];
      }
      for (int k = 0; k < numbers; k++) {
        if (y.adds()) RUNS.add(square, k * SQUARE, out, outAt + k * outLine, lines);
        else System.arraycopy(square, k * SQUARE, out, outAt + k * outLine, lines);
      }
    }
  }
}
