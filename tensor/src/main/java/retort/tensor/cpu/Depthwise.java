package retort.tensor.cpu;

import java.util.Arrays;
import retort.tensor.Convolution;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Depthwise convolutions, a filter a channel: all channels of a pixel at once, in loops that C2
/// vectorises itself. The weights `[c, kh, kw]` are turned to `[kh, kw, c]` first.
record Depthwise(Convolution g, Workers team) {
  /// Parts of the sum over pixels of the weight gradient.
  private static final int PARTS = 16;

  static boolean fits(Convolution g) {
    return g.groups() == g.c() && g.f() == g.c();
  }

  void forward(Span x, Span weight, Span bias, Slot y) {
    int c = g.c();
    float[] turned = turned(weight), in = (float[]) x.array(), out = (float[]) y.span().array();
    team.run(
        g.n() * g.oh(),
        line -> {
          int i = line % g.oh(), image = line / g.oh();
          for (int j = 0; j < g.ow(); j++) {
            int at = y.span().at() + (line * g.ow() + j) * c;
            if (!y.adds()) Arrays.fill(out, at, at + c, 0);
            if (bias != null) add(out, at, (float[]) bias.array(), bias.at(), c);
            for (int a = 0; a < g.kh(); a++) {
              int h = i * g.stride() + a - g.pad();
              if (h < 0 || h >= g.h()) continue;
              for (int b = 0; b < g.kw(); b++) {
                int w = j * g.stride() + b - g.pad();
                if (w < 0 || w >= g.w()) continue;
                int from = x.at() + ((image * g.h() + h) * g.w() + w) * c;
                multiplyAdd(out, at, in, from, turned, Scratch.ALIGN + (a * g.kw() + b) * c, c);
              }
            }
          }
        });
    Scratch.give(turned);
  }

  void gradInput(Span dy, Span weight, Slot dx) {
    int c = g.c();
    float[] turned = turned(weight), in = (float[]) dy.array(), out = (float[]) dx.span().array();
    team.run(
        g.n() * g.h(),
        line -> {
          int h = line % g.h(), image = line / g.h();
          for (int w = 0; w < g.w(); w++) {
            int at = dx.span().at() + (line * g.w() + w) * c;
            if (!dx.adds()) Arrays.fill(out, at, at + c, 0);
            for (int a = 0; a < g.kh(); a++) {
              int i = (h + g.pad() - a) / g.stride();
              if (h + g.pad() < a || i * g.stride() != h + g.pad() - a || i >= g.oh()) continue;
              for (int b = 0; b < g.kw(); b++) {
                int j = (w + g.pad() - b) / g.stride();
                if (w + g.pad() < b || j * g.stride() != w + g.pad() - b || j >= g.ow()) continue;
                int from = dy.at() + ((image * g.oh() + i) * g.ow() + j) * c;
                multiplyAdd(out, at, in, from, turned, Scratch.ALIGN + (a * g.kw() + b) * c, c);
              }
            }
          }
        });
    Scratch.give(turned);
  }

  void gradWeight(Span dy, Span x, Slot dweight) {
    int c = g.c(), size = g.kh() * g.kw() * c, lines = g.n() * g.oh();
    int parts = Math.min(PARTS, lines);
    float[] sums = Scratch.take(parts * size);
    float[] d = (float[]) dy.array(), in = (float[]) x.array();
    team.run(
        parts,
        part -> {
          int to = Scratch.ALIGN + part * size;
          Arrays.fill(sums, to, to + size, 0);
          int end = (int) ((long) lines * (part + 1) / parts);
          for (int line = (int) ((long) lines * part / parts); line < end; line++) {
            int i = line % g.oh(), image = line / g.oh();
            for (int a = 0; a < g.kh(); a++) {
              int h = i * g.stride() + a - g.pad();
              if (h < 0 || h >= g.h()) continue;
              for (int b = 0; b < g.kw(); b++) {
                int tap = to + (a * g.kw() + b) * c;
                for (int j = 0; j < g.ow(); j++) {
                  int w = j * g.stride() + b - g.pad();
                  if (w < 0 || w >= g.w()) continue;
                  int at = x.at() + ((image * g.h() + h) * g.w() + w) * c;
                  multiplyAdd(sums, tap, in, at, d, dy.at() + (line * g.ow() + j) * c, c);
                }
              }
            }
          }
        });
    float[] to = (float[]) dweight.span().array();
    int taps = g.kh() * g.kw();
    for (int tap = 0; tap < taps; tap++) {
      for (int ch = 0; ch < c; ch++) {
        int at = dweight.span().at() + ch * taps + tap;
        float sum = dweight.adds() ? to[at] : 0;
        for (int p = 0; p < parts; p++) sum += sums[Scratch.ALIGN + p * size + tap * c + ch];
        to[at] = sum;
      }
    }
    Scratch.give(sums);
  }

  private float[] turned(Span weight) {
    int taps = g.kh() * g.kw(), c = g.c();
    float[] turned = Scratch.take(taps * c), w = (float[]) weight.array();
    for (int tap = 0; tap < taps; tap++) {
      for (int ch = 0; ch < c; ch++) {
        turned[Scratch.ALIGN + tap * c + ch] = w[weight.at() + ch * taps + tap];
      }
    }
    return turned;
  }

  private static void multiplyAdd(float[] y, int at, float[] a, int ao, float[] b, int bo, int n) {
    for (int i = 0; i < n; i++) y[at + i] += a[ao + i] * b[bo + i];
  }

  private static void add(float[] y, int at, float[] a, int ao, int n) {
    for (int i = 0; i < n; i++) y[at + i] += a[ao + i];
  }
}
