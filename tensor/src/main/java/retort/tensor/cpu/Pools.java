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

  /// A pixel of y and one of the pixels of x in its window, as first numbers of their channels.
  interface Tap {
    void at(int y, int x);
  }

  /// The taps of one pixel of y, number `pixel` of all, in the order of x.
  private static void taps(Pooling g, int pixel, Tap tap) {
    int j = pixel % g.ow(), i = pixel / g.ow() % g.oh(), image = pixel / g.ow() / g.oh();
    int top = i * g.stride() - g.pad(), left = j * g.stride() - g.pad();
    for (int h = Math.max(0, top); h < Math.min(g.h(), top + g.k()); h++) {
      for (int w = Math.max(0, left); w < Math.min(g.w(), left + g.k()); w++) {
        tap.at(pixel * g.c(), ((image * g.h() + h) * g.w() + w) * g.c());
      }
    }
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
    Parts.rows(
        workers(),
        g.n() * pixels(g),
        c * g.k() * g.k(),
        (from, to) -> {
          Arrays.fill(out, y.at() + from * c, y.at() + to * c, Float.NEGATIVE_INFINITY);
          for (int p = from; p < to; p++) {
            taps(g, p, (o, i) -> RUNS.max(in, x.at() + i, out, y.at() + o, c));
          }
        });
  }

  @Override
  default void maxPoolGrad(Pooling g, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    float[] in = (float[]) x.array(), max = (float[]) y.array(), d = (float[]) dy.array();
    float[] out = (float[]) dx.span().array();
    images(
        g,
        dx,
        (from, to) -> {
          // What of dy has not found its maximum yet; 0 once it has.
          float[] open = Scratch.take(g.c());
          for (int p = from; p < to; p++) {
            System.arraycopy(d, dy.at() + p * g.c(), open, Scratch.ALIGN, g.c());
            taps(
                g,
                p,
                (o, i) ->
                    RUNS.toMaxima(
                        in,
                        x.at() + i,
                        max,
                        y.at() + o,
                        open,
                        Scratch.ALIGN,
                        out,
                        dx.span().at() + i,
                        g.c()));
          }
          Scratch.give(open);
        });
  }

  /// Runs the pixels of y of whole images, whose part of dx is ready to be added to.
  private void images(Pooling g, Slot dx, Parts.Range range) {
    float[] out = (float[]) dx.span().array();
    int size = g.h() * g.w() * g.c(), at = dx.span().at();
    Parts.rows(
        workers(),
        g.n(),
        size,
        (from, to) -> {
          if (!dx.adds()) Arrays.fill(out, at + from * size, at + to * size, 0);
          range.run(from * pixels(g), to * pixels(g));
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
          Arrays.fill(out, y.at() + from * c, y.at() + to * c, 0);
          for (int p = from; p < to; p++) {
            taps(g, p, (o, i) -> RUNS.add(in, x.at() + i, out, y.at() + o, c));
            int at = y.at() + p * c;
            RUNS.affine(0, out, at, 1f / count(g, p), 0, out, at, c);
          }
        });
  }

  @Override
  default void avgPoolGrad(Pooling g, Span dy, Slot dx) {
    if (dx == null) return;
    float[] d = (float[]) dy.array(), out = (float[]) dx.span().array();
    images(
        g,
        dx,
        (from, to) -> {
          float[] share = Scratch.take(g.c());
          for (int p = from; p < to; p++) {
            float part = 1f / count(g, p);
            RUNS.affine(0, d, dy.at() + p * g.c(), part, 0, share, Scratch.ALIGN, g.c());
            taps(g, p, (o, i) -> RUNS.add(share, Scratch.ALIGN, out, dx.span().at() + i, g.c()));
          }
          Scratch.give(share);
        });
  }
}
