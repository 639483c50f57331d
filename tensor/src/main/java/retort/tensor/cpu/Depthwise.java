package retort.tensor.cpu;

import java.util.Arrays;
import java.util.function.IntFunction;
import retort.tensor.Convolution;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Depthwise convolutions, a filter a channel: all channels of a few neighbouring pixels at a time.
///
/// Like [Direct] it copies a band of lines with its padding, so that the tiles know nothing of
/// edges. There the channels are padded to whole vectors too.
record Depthwise(Convolution g, Workers team) {
  /// Numbers of a band: 256 KiB of the second-level cache.
  private static final int BAND = 1 << 16;

  /// Pixels of a tile: fewer read the image more often, more find no registers.
  private static final int PIXELS = 8;

  /// Channels at a multiple of which pixels push each other out of the first-level cache: a tile
  /// walks some forty rows of numbers at a time, and of those a multiple of 2 KiB apart it holds
  /// half. Such pixels are kept a vector further apart: 1.5 times as fast at 512 channels; at 256
  /// copying them singly costs more than it gains.
  private static final int ALIKE = 512;

  /// Multiplications in the straight code of a tile: the JVM compiles no method of over 8000 bytes.
  private static final int STRAIGHT = 400;

  /// Parts of the sum over lines of the weight gradient.
  private static final int PARTS = 16;

  static boolean fits(Convolution g) {
    return g.groups() == g.c() && g.f() == g.c() && g.kh() * g.kw() <= STRAIGHT;
  }

  /// The same images as one group, for the windows to hold all channels.
  private Convolution together() {
    return new Convolution(
        g.n(), g.h(), g.w(), g.c(), g.f(), g.kh(), g.kw(), g.stride(), g.pad(), 1);
  }

  /// Vectors of channels.
  private int vectors() {
    return Gemm.ceil(g.c(), GemmTiles.LANES);
  }

  /// Numbers from a pixel of a band to the next: the channels, in whole vectors.
  private int channels() {
    int filled = vectors() * GemmTiles.LANES;
    return filled % ALIKE == 0 ? filled + GemmTiles.LANES : filled;
  }

  void forward(Span x, Span weight, Span bias, Slot y) {
    Landing to = Landing.dense((float[]) y.span().array(), y.span().at(), y.adds(), g.c());
    convolve(Im2col.windows(together(), 0, x), 0, 0, 1, weight, bias, to);
  }

  void gradInput(Span dy, Span weight, Slot dx) {
    for (int i = 0; i < g.stride() * g.stride(); i++) {
      Im2col.Phase phase = Im2col.Phase.of(together(), 0, i, dy, dx);
      if (phase == null) continue;
      int stride = -g.stride();
      convolve(phase.windows(), phase.aLast(), phase.bLast(), stride, weight, null, phase.dx());
    }
  }

  /// Convolves by the taps (a0, b0) and every `by` further.
  private void convolve(Patches p, int a0, int b0, int by, Span weight, Span bias, Landing to) {
    int channels = channels(), taps = p.kh() * p.kw();
    float[] turned = Scratch.take(taps * channels), w = (float[]) weight.array();
    for (int tap = 0; tap < taps; tap++) {
      int a = a0 + tap / p.kw() * by, b = b0 + tap % p.kw() * by;
      int from = weight.at() + a * g.kw() + b, at = Scratch.ALIGN + tap * channels;
      for (int c = 0; c < g.c(); c++) turned[at + c] = w[from + c * g.kh() * g.kw()];
      Arrays.fill(turned, at + g.c(), at + channels, 0);
    }
    int height = height(p, channels), bands = Gemm.ceil(p.rows(), height);
    Tile[] tiles =
        tiles(p, pixels -> new DepthwiseTile(pixels, p.kh(), p.kw(), p.step(), channels));
    team.run(
        g.n() * bands,
        part -> {
          int first = part % bands * height, end = Math.min(p.rows(), first + height);
          PaddedBand band = PaddedBand.take(p, channels, height, 2 * PIXELS * channels);
          band.fill(part / bands, first, end - first);
          int row = (part / bands * p.rows() + first) * p.columns();
          if (bias != null) bias(bias, to, row, (end - first) * p.columns());
          for (int i = 0; i < end - first; i++) {
            int at = to.place(row + i * p.columns());
            line(tiles, band, i, turned, to, at, to.adds() || bias != null);
          }
          Scratch.give(band.a());
        });
    Scratch.give(turned);
  }

  private void line(
      Tile[] tiles, PaddedBand band, int i, float[] turned, Landing to, int at, boolean adds) {
    Patches p = band.p();
    int channels = band.channels(), edge = band.beyond(), from = band.line(i * p.step());
    int strips = strips(p), least = p.columns() / strips, w = Scratch.ALIGN, n = vectors();
    for (int s = 0; s < strips; s++) {
      int j = p.columns() * s / strips, pixels = p.columns() * (s + 1) / strips - j;
      Tile tile = tiles[pixels - least];
      int a = from + j * p.step() * channels, c = at + j * to.pitch();
      if (n * GemmTiles.LANES == g.c()) {
        tile.run(n, band.a(), a, band.pitch(), turned, w, 0, to.c(), c, to.pitch(), adds);
      } else {
        tile.run(n, band.a(), a, band.pitch(), turned, w, 0, band.a(), edge, channels, false);
        Gemm.land(band.a(), edge, channels, pixels, g.c(), to.c(), c, to.pitch(), adds);
      }
    }
  }

  private void bias(Span bias, Landing to, int row, int count) {
    float[] b = (float[]) bias.array(), c = to.c();
    for (int i = row; i < row + count; i++) {
      int at = to.place(i);
      if (!to.adds()) System.arraycopy(b, bias.at(), c, at, g.c());
      else for (int j = 0; j < g.c(); j++) c[at + j] += b[bias.at() + j];
    }
  }

  void gradWeight(Span dy, Span x, Slot dweight) {
    Patches p = Im2col.windows(together(), 0, x);
    Patches d = pixels(dy);
    int channels = channels(), taps = g.kh() * g.kw();
    int height = height(p, channels), bands = Gemm.ceil(p.rows(), height), all = g.n() * bands;
    int parts = Math.min(PARTS, all);
    PartialSums sums = PartialSums.take(parts, taps, channels);
    boolean dense = channels == g.c(); // dy's own lines do for a band
    Tile[] tiles =
        tiles(p, pixels -> new DepthwiseGradTile(pixels, p.kh(), p.kw(), p.step(), channels));
    team.run(
        parts,
        part -> {
          PaddedBand band = PaddedBand.take(p, channels, height, 0);
          PaddedBand dband = dense ? null : PaddedBand.take(d, channels, height, 0);
          int at = sums.at(part);
          Arrays.fill(sums.sums(), at, at + taps * channels, 0);
          for (int b = all * part / parts; b < all * (part + 1) / parts; b++) {
            int first = b % bands * height, lines = Math.min(p.rows() - first, height);
            band.fill(b / bands, first, lines);
            if (!dense) dband.fill(b / bands, first, lines);
            for (int i = 0; i < lines; i++) {
              int line = dense ? d.place(b / bands, first + i) : dband.line(i);
              gradLine(tiles, band, i, dense ? d.x() : dband.a(), line, sums.sums(), at);
            }
          }
          Scratch.give(band.a());
          if (!dense) Scratch.give(dband.a());
        });
    float[] total = Scratch.take(taps * channels), to = (float[]) dweight.span().array();
    sums.land(team, Landing.dense(total, Scratch.ALIGN, false, channels));
    for (int c = 0; c < g.c(); c++) {
      for (int tap = 0; tap < taps; tap++) {
        int at = dweight.span().at() + c * taps + tap;
        float sum = total[Scratch.ALIGN + tap * channels + c];
        to[at] = dweight.adds() ? to[at] + sum : sum;
      }
    }
    Scratch.give(total);
  }

  /// dy as windows of one pixel.
  private Patches pixels(Span dy) {
    int h = g.oh(), w = g.ow(), c = g.c();
    return new Patches((float[]) dy.array(), dy.at(), h, w, c, c, h, w, 1, 0, 0, 1, 1);
  }

  private void gradLine(
      Tile[] tiles, PaddedBand band, int i, float[] d, int dAt, float[] sum, int at) {
    Patches p = band.p();
    int channels = band.channels(), strips = strips(p), least = p.columns() / strips;
    for (int s = 0; s < strips; s++) {
      int j = p.columns() * s / strips, pixels = p.columns() * (s + 1) / strips - j;
      int a = band.line(i * p.step()) + j * p.step() * channels, b = dAt + j * channels;
      Tile tile = tiles[pixels - least];
      tile.run(vectors(), band.a(), a, band.pitch(), d, b, 0, sum, at, 0, true);
    }
  }

  /// The tiles of a line's strips, which differ by a pixel at most.
  private Tile[] tiles(Patches p, IntFunction<PlainTile> of) {
    int least = p.columns() / strips(p);
    return new Tile[] {
      of.apply(least).fastest(), of.apply(Gemm.ceil(p.columns(), strips(p))).fastest()
    };
  }

  /// Tiles that a line is cut into, as even as can be.
  private int strips(Patches p) {
    return Gemm.ceil(p.columns(), Math.clamp(STRAIGHT / (p.kh() * p.kw()), 1, PIXELS));
  }

  private int height(Patches p, int channels) {
    int line = ((p.columns() - 1) * p.step() + p.kw()) * channels;
    return Math.clamp((BAND / line - p.kh()) / p.step() + 1, 1, p.rows());
  }
}
