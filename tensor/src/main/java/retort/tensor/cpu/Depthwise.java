package retort.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  /// Lines of the image that a tile moves on by: fewer read the image more often, more are too many
  /// streams.
  private static final int LINES = 8;

  /// Multiplications in the straight code of a tile: the JVM compiles no method of over 8000 bytes.
  private static final int STRAIGHT = 400;

  /// Numbers of images that a cache may still hold from the operation before, at most: 16 MiB.
  private static final int CACHED = 1 << 22;

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
    convolve(List.of(pass(Im2col.windows(together(), 0, x), 0, 0, 1, weight, to)), bias, x);
  }

  void gradInput(Span dy, Span weight, Slot dx) {
    List<Pass> passes = new ArrayList<>();
    for (int i = 0; i < g.stride() * g.stride(); i++) {
      Im2col.Phase phase = Im2col.Phase.orCleared(together(), 0, i, dy, dx);
      if (phase == null) continue;
      int a = phase.aLast(), b = phase.bLast();
      passes.add(pass(phase.windows(), a, b, -g.stride(), weight, phase.dx()));
    }
    if (!passes.isEmpty()) convolve(passes, null, dx.span());
  }

  /// Windows, what each is multiplied by, `[kh kw, channels]`, and where the sums go.
  private record Pass(Patches p, float[] taps, Landing to) {}

  /// Windows to be multiplied by the taps (a0, b0) and every `by` further.
  private Pass pass(Patches p, int a0, int b0, int by, Span weight, Landing to) {
    int channels = channels(), count = p.kh() * p.kw();
    float[] taps = Scratch.take(count * channels), w = (float[]) weight.array();
    for (int tap = 0; tap < count; tap++) {
      int a = a0 + tap / p.kw() * by, b = b0 + tap % p.kw() * by;
      int from = weight.at() + a * g.kw() + b, at = Scratch.ALIGN + tap * channels;
      for (int c = 0; c < g.c(); c++) taps[at + c] = w[from + c * g.kh() * g.kw()];
      Arrays.fill(taps, at + g.c(), at + channels, 0);
    }
    return new Pass(p, taps, to);
  }

  /// All passes over some lines of an image before the next: they read, and write, the same ones.
  /// The larger one of what is read and what is written is `[n, h, w, c]`.
  private void convolve(List<Pass> passes, Span bias, Span larger) {
    int strips = 1;
    for (Pass pass : passes) strips = Math.max(strips, strips(pass.p));
    int all = strips;
    team.run(
        g.n() * all,
        part -> {
          readAhead(larger, part, all);
          for (Pass pass : passes) {
            int first = first(pass.p, all, part % all);
            int lines = first(pass.p, all, part % all + 1) - first;
            if (lines > 0) convolve(pass, part / all, first, lines, bias);
          }
        });
    for (Pass pass : passes) Scratch.give(pass.taps);
  }

  private void convolve(Pass pass, int image, int first, int lines, Span bias) {
    Patches p = pass.p;
    Landing to = pass.to;
    int columns = p.columns(), channels = channels();
    int row = (image * p.rows() + first) * columns, at = to.place(row);
    int pitch = to.place(row + columns) - at;
    boolean adds = to.adds() || bias != null;
    if (bias != null) bias(bias, to, row, lines * columns);
    if (channels == g.c()) {
      DepthwiseStrip strip = new DepthwiseStrip(p, image, first, lines);
      convolve(strip, pass.taps, to.c(), at, to.pitch(), pitch, adds);
      return;
    }
    PaddedBand band = PaddedBand.take(p, channels, lines, lines * columns * channels);
    band.fill(image, first, lines);
    DepthwiseStrip strip = new DepthwiseStrip(band.windows(lines), 0, 0, lines);
    convolve(strip, pass.taps, band.a(), band.beyond(), channels, columns * channels, false);
    for (int i = 0; i < lines; i++) {
      int from = band.beyond() + i * columns * channels, place = at + i * pitch;
      Gemm.land(band.a(), from, channels, columns, g.c(), to.c(), place, to.pitch(), adds);
    }
    Scratch.give(band.a());
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
            readAhead(x, s, strips);
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

  /// Reads a strip of an image ahead where its numbers meet too few others to hide how they come:
  /// strides of more than a pixel, and more than caches hold. That makes 64 channels at 112x112 1.2
  /// to 1.6 times as fast; where the image lay in a cache it took a fifth longer.
  private void readAhead(Span images, int strip, int strips) {
    if (g.stride() == 1 || images.size() < CACHED || channels() != g.c()) return;
    int line = g.w() * g.c(), at = images.at() + strip / strips * g.h() * line, s = strip % strips;
    int from = at + g.h() * s / strips * line, to = at + g.h() * (s + 1) / strips * line;
    ReadAhead.of((float[]) images.array(), from, to);
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
    return Gemm.ceil(
        p.rows(), Math.clamp(STRAIGHT / (p.kh() * p.kw()), 1, Math.max(1, LINES / p.step())));
  }

  /// The first line of a strip.
  private static int first(Patches p, int strips, int strip) {
    return p.rows() * strip / strips;
  }
}
