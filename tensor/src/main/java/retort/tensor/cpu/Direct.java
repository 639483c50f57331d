package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.MANY;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// A product of [Patches] done as a direct convolution: the tiles read the image itself, so no
/// patch is ever written out. A band of lines at a time is copied with its padding, for the tiles
/// to know nothing of edges; the copy reads each number once, the tiles then read it from the
/// cache.
record Direct(Gemm g, Patches p) {
  /// Numbers of a band: 256 KiB, a small part of the second-level cache, for the weights stream
  /// through there as well.
  private static final int BAND = 1 << 16;

  /// Parts a large convolution is cut into at least.
  private static final int PARTS = 32;

  /// Fewer pixels a line than this leave most registers idle; [Gemm] takes rows across lines.
  private static final int NARROW = 5;

  static boolean suits(Patches p) {
    return p.columns() >= NARROW;
  }

  void run(Workers team) {
    Panels packing = new Panels(g.b(), g.n(), taps(), p.channels());
    float[] weights = Scratch.take(packing.size(g.k()));
    int each = Math.max(1, (1 << 15) / (g.k() * COLUMNS));
    team.run(
        Gemm.ceil(packing.count(), each),
        part -> {
          int first = part * each, end = Math.min(packing.count(), first + each);
          packing.pack(0, g.k(), first, end, weights, Scratch.ALIGN);
        });
    int height = height(), bands = Gemm.ceil(p.rows(), height);
    int images = g.m() / (p.rows() * p.columns());
    team.run(
        images * bands,
        part -> {
          int first = part % bands * height, end = Math.min(p.rows(), first + height);
          band(packing, weights, part / bands, first, end);
        });
    Scratch.give(weights);
  }

  /// How many taps of a line share a broadcast: all, if the registers hold their weights and there
  /// are channels enough to loop over; else one, and the loop runs over taps and channels.
  private int taps() {
    return MANY && p.kw() <= 5 && p.channels() >= 8 ? p.kw() : 1;
  }

  /// Pixels of a tile: their sums fill the registers that the weights leave.
  private int widest(int vectors) {
    return (MANY && taps() > 1 ? 16 : 2 * ROWS) / vectors;
  }

  /// Lines of y done in one band.
  private int height() {
    int line = ((p.columns() - 1) * p.step() + p.kw()) * p.channels();
    int fitting = (BAND / line - p.kh()) / p.step() + 1;
    int sharing = g.m() / p.columns() / PARTS;
    return Math.clamp(Math.min(fitting, Math.max(4, sharing)), 1, p.rows());
  }

  /// Lines `first` to `end` of an image of y.
  private void band(Panels packing, float[] weights, int image, int first, int end) {
    boolean inPlace = p.inside() && (taps() > 1 || p.kw() == 1 || p.pitch() == p.channels());
    PaddedBand band = PaddedBand.take(p, p.channels(), end - first, 24 * COLUMNS);
    if (!inPlace) band.fill(image, first, end - first);
    float[] a = inPlace ? p.x() : band.a();
    int pixel = inPlace ? p.pitch() : p.channels(), pitch = inPlace ? p.w() * pixel : band.pitch();
    int top = first * p.step() + p.top();
    int origin = inPlace ? p.at() + (image * p.h() + top) * pitch + p.left() * pixel : band.line(0);
    int row = (image * p.rows() + first) * p.columns();
    if (g.bias() != null) g.putBias(row, row + (end - first) * p.columns(), 0, g.n());
    for (int panel = 0; panel < packing.count(); panel++) {
      int columns = packing.columns(panel), panelAt = Scratch.ALIGN + panel * COLUMNS * g.k();
      Strips strips = new Strips(columns, pixel);
      for (int i = 0; i < end - first; i++) {
        int from = origin + i * p.step() * pitch;
        int to = g.c().place(row + i * p.columns()) + panel * COLUMNS;
        int left = g.n() - panel * COLUMNS;
        strips.line(a, from, pitch, weights, panelAt, to, left, band.a(), band.beyond());
      }
    }
    Scratch.give(band.a());
  }

  /// The tiles that a line of y is cut into, for panels of some columns: as even as can be.
  private final class Strips {
    final int columns, pixel, count, shorter, longer;
    final Tile shortTile, longTile;

    Strips(int columns, int pixel) {
      this.columns = columns;
      this.pixel = pixel;
      int across = p.columns();
      count = Gemm.ceil(across, widest(columns / LANES));
      shorter = across / count;
      longer = across - shorter * count;
      shortTile = tile(shorter);
      longTile = longer > 0 ? tile(shorter + 1) : shortTile;
    }

    private Tile tile(int pixels) {
      int tap = taps() == 1 ? 0 : pixel;
      return new DirectTile(pixels, columns, p.kh(), taps(), p.step() * pixel, tap).fastest();
    }

    void line(
        float[] a,
        int from,
        int pitch,
        float[] weights,
        int panel,
        int to,
        int width,
        float[] band,
        int edge) {
      boolean adds = g.c().adds() || g.bias() != null, whole = width >= columns;
      int n = taps() == 1 ? p.kw() * p.channels() : p.channels(), cPitch = g.c().pitch();
      float[] c = g.c().c();
      for (int s = 0, j = 0; s < count; s++) {
        int pixels = s < longer ? shorter + 1 : shorter;
        Tile tile = s < longer ? longTile : shortTile;
        int at = from + j * p.step() * pixel, place = to + j * cPitch;
        if (whole) {
          tile.run(n, a, at, pitch, weights, panel, 0, c, place, cPitch, adds);
        } else {
          tile.run(n, a, at, pitch, weights, panel, 0, band, edge, columns, false);
          Gemm.land(band, edge, columns, pixels, width, c, place, cPitch, adds);
        }
        j += pixels;
      }
    }
  }
}
