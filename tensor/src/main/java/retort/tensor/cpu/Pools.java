package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Kernels;
import retort.tensor.Pooling;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Maxima and means of windows, all channels of a pixel at once. Forward a part takes lines of y;
/// on the way back windows overlap in x, so a part takes whole images.
interface Pools extends Kernels {
  Workers workers();

  /// The pixels of x in the window of one of y, number `pixel` of all, in the order of x, as first
  /// numbers of their channels; how many they are.
  private static int window(Pooling g, int pixel, int[] taps) {
    int j = pixel % g.ow(), i = pixel / g.ow() % g.oh(), image = pixel / g.ow() / g.oh();
    int top = i * g.stride() - g.pad(), left = j * g.stride() - g.pad(), count = 0;
    int right = Math.min(g.w(), left + g.k());
    for (int h = Math.max(0, top); h < Math.min(g.h(), top + g.k()); h++) {
      for (int w = Math.max(0, left); w < right; w++) {
        taps[count++] = ((image * g.h() + h) * g.w() + w) * g.c();
      }
    }
    return count;
  }

  /// How many numbers the window of a pixel of y averages.
  private static int count(Pooling g, int pixel) {
    if (g.countPad()) return g.k() * g.k();
    int j = pixel % g.ow(), i = pixel / g.ow() % g.oh();
    int top = i * g.stride() - g.pad(), left = j * g.stride() - g.pad();
    int high = Math.min(g.h(), top + g.k()) - Math.max(0, top);
    return high * (Math.min(g.w(), left + g.k()) - Math.max(0, left));
  }

  private static int pixels(Pooling g) {
    return g.oh() * g.ow();
  }

  @Override
  default void maxPool(Pooling g, Span x, Span y) {
    float[] in = (float[]) x.array(), out = (float[]) y.array();
    int c = g.c();
    // First the maxima of the columns, whole lines of x at once and so in the order of memory, then
    // those of neighbouring columns.
    Parts.rows(
        workers(),
        g.n() * g.oh(),
        g.w() * c * g.k(),
        (from, to) -> {
          float[] columns = Scratch.take(g.w() * c);
          int[] taps = new int[g.k()];
          for (int line = from; line < to; line++) {
            int image = x.at() + line / g.oh() * g.h() * g.w() * c;
            ahead(g, in, x.at(), line);
            int count = taps(line % g.oh() * g.stride() - g.pad(), g.k(), g.h(), g.w() * c, taps);
            RUNS.maxima(in, image, taps, count, columns, Scratch.ALIGN, g.w() * c);
            for (int j = 0; j < g.ow(); j++) {
              int at = y.at() + (line * g.ow() + j) * c;
              count = taps(j * g.stride() - g.pad(), g.k(), g.w(), c, taps);
              RUNS.maxima(columns, Scratch.ALIGN, taps, count, out, at, c);
            }
          }
          Scratch.give(columns);
        });
  }

  /// Of k places from `first` on, those from 0 up to `end`, times `pitch`; how many they are.
  private static int taps(int first, int k, int end, int pitch, int[] taps) {
    int count = 0;
    for (int i = Math.max(0, first); i < Math.min(end, first + k); i++) taps[count++] = i * pitch;
    return count;
  }

  /// Reads the lines of x ahead that a line of y is the first to reach.
  private static void ahead(Pooling g, float[] x, int at, int line) {
    int image = line / g.oh() * g.h(), top = line % g.oh() * g.stride() - g.pad();
    int from = line % g.oh() == 0 ? 0 : Math.max(top, top - g.stride() + g.k());
    int to = Math.min(g.h(), top + g.k()), pitch = g.w() * g.c();
    ReadAhead.of(x, at + (image + from) * pitch, at + (image + to) * pitch);
  }

  @Override
  default void maxPoolGrad(Pooling g, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    float[] in = (float[]) x.array(), max = (float[]) y.array(), d = (float[]) dy.array();
    float[] out = (float[]) dx.span().array();
    int to = dx.span().at(), c = g.c();
    lines(
        g,
        dx,
        (from, end) -> {
          ahead(g, in, x.at(), from / g.ow());
          int[] taps = new int[g.k() * g.k()];
          for (int p = from; p < end; p++) {
            int count = window(g, p, taps), yo = y.at() + p * c, at = dy.at() + p * c;
            RUNS.toMaxima(in, x.at(), taps, count, max, yo, d, at, out, to, c);
          }
        });
  }

  /// Runs the pixels of y a line at a time, a part being an image. What of dx a line's windows
  /// reach is ready to be added to, and no sooner than that, so that it is still near.
  private void lines(Pooling g, Slot dx, Parts.Range range) {
    float[] out = (float[]) dx.span().array();
    int line = g.w() * g.c();
    workers()
        .run(
            g.n(),
            image -> {
              int at = dx.span().at() + image * g.h() * line, ready = dx.adds() ? g.h() : 0;
              for (int i = 0; i < g.oh(); i++) {
                int from = (image * g.oh() + i) * g.ow();
                int reach = i == g.oh() - 1 ? g.h() : i * g.stride() - g.pad() + g.k();
                reach = Math.clamp(reach, ready, g.h());
                Arrays.fill(out, at + ready * line, at + reach * line, 0);
                ready = reach;
                range.run(from, from + g.ow());
              }
            });
  }

  @Override
  default void avgPool(Pooling g, Span x, Span y) {
    float[] in = (float[]) x.array(), out = (float[]) y.array();
    int c = g.c();
    Parts.rows(
        workers(),
        g.n() * pixels(g),
        c * g.k() * g.k(),
        (from, to) -> {
          int[] taps = new int[g.k() * g.k()];
          Arrays.fill(out, y.at() + from * c, y.at() + to * c, 0);
          for (int p = from; p < to; p++) {
            int at = y.at() + p * c, count = window(g, p, taps);
            for (int t = 0; t < count; t++) RUNS.add(in, x.at() + taps[t], out, at, c);
            RUNS.affine(0, out, at, 1f / count(g, p), 0, out, at, c);
          }
        });
  }

  @Override
  default void avgPoolGrad(Pooling g, Span dy, Slot dx) {
    if (dx == null) return;
    float[] d = (float[]) dy.array(), out = (float[]) dx.span().array();
    lines(
        g,
        dx,
        (from, end) -> {
          float[] share = Scratch.take(g.c());
          int[] taps = new int[g.k() * g.k()];
          for (int p = from; p < end; p++) {
            float part = 1f / count(g, p);
            RUNS.affine(0, d, dy.at() + p * g.c(), part, 0, share, Scratch.ALIGN, g.c());
            int count = window(g, p, taps);
            for (int t = 0; t < count; t++) {
              RUNS.add(share, Scratch.ALIGN, out, dx.span().at() + taps[t], g.c());
            }
          }
          Scratch.give(share);
        });
  }
}
