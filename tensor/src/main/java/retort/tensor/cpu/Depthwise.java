package retort.tensor.cpu;

import java.util.Arrays;
import retort.tensor.Convolution;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Depthwise convolutions, a filter a channel: of some neighbouring lines pixel after pixel, all
/// channels of each.
///
/// They need take no longer than to read the image and write the result, if both are gone through
/// as a processor foresees: in a few streams without gaps. So a tile reaches over lines, not along
/// them, and reads the image where it lies. Windows at its border are smaller, with tiles of their
/// own. Channels that don't fill vectors are copied to where they do, with a border of zeros.
record Depthwise(Convolution g, Workers team) {
  /// Lines of a tile: fewer read the image more often, more are too many streams.
  private static final int LINES = 8;

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

  /// Channels in whole vectors.
  private int channels() {
    return vectors() * GemmTiles.LANES;
  }

  void forward(Span x, Span weight, Span bias, Slot y) {
    Landing to = Landing.dense((float[]) y.span().array(), y.span().at(), y.adds(), g.c());
    convolve(Im2col.windows(together(), 0, x), 0, 0, 1, weight, bias, to);
  }

  void gradInput(Span dy, Span weight, Slot dx) {
    for (int i = 0; i < g.stride() * g.stride(); i++) {
      Im2col.Phase phase = Im2col.Phase.orCleared(together(), 0, i, dy, dx);
      if (phase == null) continue;
      int stride = -g.stride();
      convolve(phase.windows(), phase.aLast(), phase.bLast(), stride, weight, null, phase.dx());
    }
  }

  /// Convolves by the taps (a0, b0) and every `by` further.
  private void convolve(Patches p, int a0, int b0, int by, Span weight, Span bias, Landing to) {
    int channels = channels(), taps = p.kh() * p.kw(), strips = strips(p);
    float[] turned = Scratch.take(taps * channels), w = (float[]) weight.array();
    for (int tap = 0; tap < taps; tap++) {
      int a = a0 + tap / p.kw() * by, b = b0 + tap % p.kw() * by;
      int from = weight.at() + a * g.kw() + b, at = Scratch.ALIGN + tap * channels;
      for (int c = 0; c < g.c(); c++) turned[at + c] = w[from + c * g.kh() * g.kw()];
      Arrays.fill(turned, at + g.c(), at + channels, 0);
    }
    boolean adds = to.adds() || bias != null;
    team.run(
        g.n() * strips,
        part -> {
          int image = part / strips, first = first(p, strips, part % strips);
          int lines = first(p, strips, part % strips + 1) - first, columns = p.columns();
          int row = (image * p.rows() + first) * columns, at = to.place(row);
          int pitch = to.place(row + columns) - at;
          if (bias != null) bias(bias, to, row, lines * columns);
          if (channels == g.c()) {
            DepthwiseStrip strip = new DepthwiseStrip(p, image, first, lines);
            convolve(strip, turned, to.c(), at, to.pitch(), pitch, adds);
            return;
          }
          PaddedBand band = PaddedBand.take(p, channels, lines, lines * columns * channels);
          band.fill(image, first, lines);
          DepthwiseStrip strip = new DepthwiseStrip(band.windows(lines), 0, 0, lines);
          convolve(strip, turned, band.a(), band.beyond(), channels, columns * channels, false);
          for (int i = 0; i < lines; i++) {
            int from = band.beyond() + i * columns * channels, place = at + i * pitch;
            Gemm.land(band.a(), from, channels, columns, g.c(), to.c(), place, to.pitch(), adds);
          }
          Scratch.give(band.a());
        });
    Scratch.give(turned);
  }

  /// Convolves some lines into c, its pixels and its lines so far apart.
  private void convolve(
      DepthwiseStrip s, float[] w, float[] c, int at, int pixel, int line, boolean adds) {
    Tile tile = null;
    for (int j = 0; j < s.p().columns(); j++) {
      if (j == 0 || s.width(j) != s.width(j - 1)) tile = new DepthwiseTile(s.form(j)).fastest();
      int b = Scratch.ALIGN + s.left(j) * channels(), bPitch = s.p().kw() * channels();
      int n = vectors(), to = at + j * pixel;
      tile.run(n, s.p().x(), s.place(j), s.pitch(), w, b, bPitch, c, to, line, adds);
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
    Patches p = Im2col.windows(together(), 0, x), d = pixels(dy);
    int channels = channels(), taps = g.kh() * g.kw(), strips = strips(p), all = g.n() * strips;
    int parts = Math.min(PARTS, all);
    PartialSums sums = PartialSums.take(parts, taps, channels);
    team.run(
        parts,
        part -> {
          int at = sums.at(part);
          Arrays.fill(sums.sums(), at, at + taps * channels, 0);
          for (int s = all * part / parts; s < all * (part + 1) / parts; s++) {
            int image = s / strips, first = first(p, strips, s % strips);
            int lines = first(p, strips, s % strips + 1) - first;
            if (channels == g.c()) {
              DepthwiseStrip strip = new DepthwiseStrip(p, image, first, lines);
              gradWeight(strip, d.x(), d.place(image, first), sums.sums(), at);
              continue;
            }
            PaddedBand band = PaddedBand.take(p, channels, lines, 0);
            PaddedBand dband = PaddedBand.take(d, channels, lines, 0);
            band.fill(image, first, lines);
            dband.fill(image, first, lines);
            DepthwiseStrip strip = new DepthwiseStrip(band.windows(lines), 0, 0, lines);
            gradWeight(strip, dband.a(), dband.line(0), sums.sums(), at);
            Scratch.give(band.a());
            Scratch.give(dband.a());
          }
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

  /// Adds what some lines of dy, from number dAt of d on, contribute.
  private void gradWeight(DepthwiseStrip s, float[] d, int dAt, float[] sums, int at) {
    int channels = channels(), line = g.ow() * channels;
    Tile tile = null;
    for (int j = 0; j < g.ow(); j++) {
      if (j == 0 || s.width(j) != s.width(j - 1)) tile = new DepthwiseGradTile(s.form(j)).fastest();
      int b = dAt + j * channels, to = at + s.left(j) * channels, pitch = g.kw() * channels;
      tile.run(vectors(), s.p().x(), s.place(j), s.pitch(), d, b, line, sums, to, pitch, true);
    }
  }

  /// Strips that the lines are cut into, as even as can be.
  private static int strips(Patches p) {
    return Gemm.ceil(p.rows(), Math.clamp(STRAIGHT / (p.kh() * p.kw()), 1, LINES));
  }

  /// The first line of a strip.
  private static int first(Patches p, int strips, int strip) {
    return p.rows() * strip / strips;
  }
}
