package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.MANY;
import static retort.tensor.cpu.GemmTiles.ROWS;

import java.util.ArrayList;
import java.util.List;

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

  /// Weights that each band reads out of the second-level cache: three quarters of one of 2 MiB. Of
  /// more, [Gemm] keeps a block there for all bands.
  private static final int WEIGHTS = 3 << 17;

  static boolean suits(Gemm g, Patches p) {
    return p.columns() >= NARROW && (long) g.k() * g.n() <= WEIGHTS;
  }

  /// What comes before the products of lines `first` to `end` of an image.
  interface Before {
    void run(int image, int first, int end);
  }

  static final Before NOTHING = (image, first, end) -> {};

  void run(Workers team) {
    together(team, List.of(this), NOTHING);
  }

  /// Products that read about the same windows, a band of all of them before the next, so that they
  /// find in the cache what one of them has read, or written a part of.
  static void together(Workers team, List<Direct> all, Before before) {
    List<Packed> products = new ArrayList<>();
    int rows = 0, least = Integer.MAX_VALUE, images = 0;
    for (Direct d : all) {
      products.add(d.pack(team));
      rows = Math.max(rows, d.p.rows());
      least = Math.min(least, d.height());
      images = d.g.m() / (d.p.rows() * d.p.columns());
    }
    int lines = rows, height = least, bands = Gemm.ceil(lines, height);
    team.run(
        images * bands,
        part -> {
          int image = part / bands, first = part % bands * height;
          int end = Math.min(lines, first + height);
          before.run(image, first, end);
          for (Packed product : products) product.band(image, first, end, height);
        });
    for (Packed product : products) Scratch.give(product.weights);
  }

  private Packed pack(Workers team) {
    Panels packing = new Panels(g.b(), g.n(), taps(), p.channels());
    float[] weights = Scratch.take(packing.size(g.k()));
    int each = Math.max(1, (1 << 15) / (g.k() * COLUMNS));
    team.run(
        Gemm.ceil(packing.count(), each),
        part -> {
          int first = part * each, end = Math.min(packing.count(), first + each);
          packing.pack(0, g.k(), first, end, weights, Scratch.ALIGN);
        });
    return new Packed(this, packing, weights);
  }

  /// How many taps of a line share a broadcast: all, if neighbours meet the same pixels, the
  /// registers hold the weights and there are channels enough to loop over; else one, and the loop
  /// runs over taps and channels.
  private int taps() {
    return MANY && p.step() == 1 && p.kw() <= 5 && p.channels() >= 8 ? p.kw() : 1;
  }

  /// Pixels of a tile: C2 makes all broadcasts of a round before it multiplies, so sums, weights
  /// and broadcasts have to share the registers.
  private int widest(int vectors) {
    int taps = taps();
    return taps == 1
        ? (MANY ? 2 * ROWS - 1 : 2 * ROWS) / vectors
        : (32 - taps * vectors - taps + 1) / (vectors + 1);
  }

  /// Lines of y done in one band.
  private int height() {
    int line = ((p.columns() - 1) * p.step() + p.kw()) * p.channels();
    int fitting = (BAND / line - p.kh()) / p.step() + 1;
    int sharing = g.m() / p.columns() / PARTS;
    return Math.clamp(Math.min(fitting, Math.max(4, sharing)), 1, p.rows());
  }

  /// A product whose weights are packed.
  private record Packed(Direct d, Panels packing, float[] weights) {

    /// Lines `first` to `end` of an image of y, as far as there are any, in a band of some height.
    void band(int image, int first, int end, int height) {
      Patches p = d.p;
      int channels = p.channels(), lines = Math.min(end, p.rows()) - first;
      if (lines <= 0) return;
      int row = (image * p.rows() + first) * p.columns();
      if (d.g.bias() != null) d.g.putBias(row, row + lines * p.columns(), 0, d.g.n());
      if (d.taps() > 1) {
        StackedBand band = StackedBand.take(p, height);
        band.fill(image, first, lines);
        int line = p.step() * channels;
        d.new Input(band.a(), Scratch.ALIGN, line, band.column(), 1, 0, p.kh() * channels)
            .multiply(packing, weights, row, lines);
        Scratch.give(band.a());
      } else if (p.inside() && (p.kw() == 1 || p.pitch() == channels)) {
        int pitch = p.w() * p.pitch(), top = first * p.step() + p.top();
        int origin = p.place(image, top) + p.left() * p.pitch();
        d.new Input(p.x(), origin, p.step() * pitch, p.pitch(), p.kh(), pitch, p.kw() * channels)
            .multiply(packing, weights, row, lines);
      } else {
        PaddedBand band = PaddedBand.take(p, channels, lines, 0);
        band.fill(image, first, lines);
        int pitch = band.pitch(), line = p.step() * pitch;
        d.new Input(band.a(), band.line(0), line, channels, p.kh(), pitch, p.kw() * channels)
            .multiply(packing, weights, row, lines);
        Scratch.give(band.a());
      }
    }
  }

  /// What the tiles read: where it begins, how far it is from a line of y to the next and from a
  /// pixel to its neighbour, and the runs of n numbers that a window consists of.
  private final class Input {
    final float[] a;
    final int origin, line, pixel, runs, pitch, n;

    Input(float[] a, int origin, int line, int pixel, int runs, int pitch, int n) {
      this.a = a;
      this.origin = origin;
      this.line = line;
      this.pixel = pixel;
      this.runs = runs;
      this.pitch = pitch;
      this.n = n;
    }

    /// Some lines of y, from a row of the product on.
    void multiply(Panels packing, float[] weights, int row, int lines) {
      float[] edge = Scratch.take(32 * COLUMNS);
      for (int panel = 0; panel < packing.count(); panel++) {
        int columns = packing.columns(panel), width = Math.min(columns, g.n() - panel * COLUMNS);
        Strips strips = new Strips(this, columns);
        for (int i = 0; i < lines; i++) {
          int to = g.c().place(row + i * p.columns()) + panel * COLUMNS;
          int at = Scratch.ALIGN + panel * COLUMNS * g.k();
          strips.line(origin + i * line, weights, at, to, width, edge);
        }
      }
      Scratch.give(edge);
    }
  }

  /// The tiles that a line of y is cut into, for panels of some columns: as even as can be.
  private final class Strips {
    final Input in;
    final int columns, count, shorter, longer;
    final Tile shortTile, longTile;

    Strips(Input in, int columns) {
      this.in = in;
      this.columns = columns;
      int across = p.columns();
      count = Gemm.ceil(across, widest(columns / LANES));
      shorter = across / count;
      longer = across - shorter * count;
      shortTile = tile(shorter);
      longTile = longer > 0 ? tile(shorter + 1) : shortTile;
    }

    private Tile tile(int pixels) {
      int tap = taps() == 1 ? 0 : in.pixel;
      return new DirectTile(pixels, columns, in.runs, taps(), p.step() * in.pixel, tap).fastest();
    }

    void line(int from, float[] weights, int panel, int to, int width, float[] edge) {
      boolean adds = g.c().adds() || g.bias() != null;
      int n = in.n, pitch = g.c().pitch();
      float[] c = g.c().c();
      for (int s = 0, j = 0; s < count; s++) {
        int pixels = s < longer ? shorter + 1 : shorter;
        Tile tile = s < longer ? longTile : shortTile;
        int at = from + j * p.step() * in.pixel, place = to + j * pitch;
        if (width == columns) {
          tile.run(n, in.a, at, in.pitch, weights, panel, 0, c, place, pitch, adds);
        } else {
          tile.run(n, in.a, at, in.pitch, weights, panel, 0, edge, 0, columns, false);
          Gemm.land(edge, 0, columns, pixels, width, c, place, pitch, adds);
        }
        j += pixels;
      }
    }
  }
}
