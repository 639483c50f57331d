package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.MANY;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// The weight gradient of a convolution, `[f, kh kw c]` = dy's transpose times [Patches], without
/// packing either: the numbers that a line of taps meets, `[kw, c]`, lie together in the padded
/// image, one step further for each pixel, and the pixels of dy lie f apart. So a [GemmTile] of the
/// right strides reads both where they are.
record DirectGradWeight(Gemm g, Operand.Matrix dy, Patches p) {
  /// Numbers of x and dy that a call of a tile reads: 128 KiB, out of the second-level cache. With
  /// as many as the first-level cache holds it reads and writes the gradient more often, and is
  /// 1.05 to 1.2 times as slow; with twice as many it is slower where there are many channels.
  private static final int BAND = 1 << 15;

  /// Parts of the sum at most, and the numbers that their partial results may hold in all.
  private static final int PARTS = 16, SUMS = 1 << 22;

  /// Terms that a call of a tile has to sum up. With fewer, reading and writing the gradient takes
  /// too long: [Gemm] packs x and dy, and sums up hundreds at a time. It is up to three times as
  /// fast at 8 and 14 terms, and 1.05 times at 28 and 32.
  private static final int TERMS = 40;

  /// Outputs a term from which [DeepProduct] is faster, which packs x alone: with 128 outputs and
  /// 28 terms 1.1 times as fast, with 64 and 32 a tenth slower.
  private static final int OUTPUTS = 4;

  static boolean suits(Gemm g, Patches p) {
    int terms = p.columns() * height(g, p);
    return terms >= TERMS && (g.m() <= OUTPUTS * terms || DeepProduct.of(g) == null);
  }

  void run(Workers team) {
    int images = g.k() / (p.rows() * p.columns()), size = g.m() * g.n();
    int cuts = Math.clamp(SUMS / size, 1, Math.min(PARTS, images));
    int most = turned() ? 1 : Gemm.ceil(g.m(), 4 * ROWS);
    int across = Math.clamp(PARTS / cuts, 1, most); // or by outputs as well
    PartialSums sums = PartialSums.take(cuts, g.m(), g.n(), turned());
    team.run(
        cuts * across,
        part -> {
          int cut = part / across, slice = part % across;
          Band band = new Band(g.m() * slice / across, g.m() * (slice + 1) / across);
          for (int i = images * cut / cuts; i < images * (cut + 1) / cuts; i++) {
            for (int y = 0; y < p.rows(); y += band.height) {
              band.add(i, y, sums.sums(), sums.at(cut), i > images * cut / cuts || y > 0);
            }
          }
          Scratch.give(band.x.a());
        });
    sums.land(team, g.c());
  }

  /// Lines of dy in a band: a divisor of all, for a tile knows how many.
  private static int height(Gemm g, Patches p) {
    int line = p.columns() * (p.step() * p.step() * p.channels() + g.m());
    for (int h = p.rows(); h > 1; h--) if (p.rows() % h == 0 && h * line <= BAND) return h;
    return 1;
  }

  /// Whether vectors of outputs would be fuller than those of taps and channels, as in a net's
  /// first layer.
  private boolean turned() {
    return g.m() % LANES == 0 && PartialSums.turns(g.m(), p.kw() * p.channels());
  }

  /// A few lines of an image, and what they add to the gradients of outputs `first` to `end`.
  private final class Band {
    final int first, end, height;
    final int run = p.kw() * p.channels();
    final boolean turned = turned();
    final int columns, columnsLast; // of a tile
    final int strips, shorter, longer; // of the rows of tiles: the outputs, or the run if turned
    final PaddedBand x;
    final Tile[] tiles = new Tile[4];

    Band(int first, int end) {
      this.first = first;
      this.end = end;
      height = height(g, p);
      int vectors = Gemm.ceil(turned ? end - first : run, LANES);
      int wide = MANY && (vectors > 4 || vectors == 3) ? 3 : Math.min(2, vectors);
      int rows = turned ? run : end - first;
      columns = wide * LANES;
      columnsLast = (vectors - (vectors - 1) / wide * wide) * LANES;
      strips = Gemm.ceil(rows, MANY ? Math.min(16, 2 * ROWS / wide) : ROWS);
      shorter = rows / strips;
      longer = rows % strips;
      x = PaddedBand.take(p, p.channels(), height, 2 * 16 * columns);
    }

    private Tile tile(int rows, int columns) {
      int i = (rows == shorter ? 0 : 1) + (columns == this.columns ? 0 : 2);
      if (tiles[i] == null) {
        int step = p.step() * p.channels(), a = turned ? step : dy.pitch();
        int b = turned ? dy.pitch() : step;
        tiles[i] = new GemmTile(rows, columns, height, 1, a, b).fastest();
      }
      return tiles[i];
    }

    void add(int image, int y, float[] c, int at, boolean adds) {
      x.fill(image, y, height);
      int line = p.columns() * dy.pitch(), d = dy.at() + (image * p.rows() + y) * line;
      // 1 to 1.14 times as fast with strides, and 0.86 times in a first layer without.
      if (p.step() > 1) ReadAhead.of(dy.a(), d, d + height * line);
      for (int a = 0; a < p.kh(); a++) {
        if (turned) {
          addTurned(x.line(a), d, line, c, at + a * run * g.m(), adds);
          continue;
        }
        for (int j = 0; j < run; j += columns) {
          int from = x.line(a) + j, wide = run - j <= columns ? columnsLast : columns;
          for (int s = 0, f = first; s < strips; s++) {
            int rows = s < longer ? shorter + 1 : shorter, to = at + f * g.n() + a * run + j;
            add(tile(rows, wide), rows, wide, d + f, line, from, c, to, run - j, adds);
            f += rows;
          }
        }
      }
    }

    private void addTurned(int from, int d, int line, float[] c, int at, boolean adds) {
      int step = p.step() * x.pitch(), n = p.columns(), m = g.m();
      for (int j = 0; j < m; j += columns) {
        int wide = m - j <= columns ? columnsLast : columns;
        for (int s = 0, i = 0; s < strips; s++) {
          int rows = s < longer ? shorter + 1 : shorter, to = at + i * m + j;
          tile(rows, wide).run(n, x.a(), from + i, step, dy.a(), d + j, line, c, to, m, adds);
          i += rows;
        }
      }
    }

    private void add(
        Tile tile,
        int rows,
        int wide,
        int d,
        int line,
        int from,
        float[] c,
        int to,
        int left,
        boolean adds) {
      int step = p.step() * x.pitch(), n = p.columns();
      if (wide <= left) {
        tile.run(n, dy.a(), d, line, x.a(), from, step, c, to, g.n(), adds);
      } else { // the columns beyond the run are of the next pixel, and dropped
        int edge = x.beyond() + 16 * columns; // a tile reads past the last pixel
        tile.run(n, dy.a(), d, line, x.a(), from, step, x.a(), edge, wide, false);
        Gemm.land(x.a(), edge, wide, rows, left, c, to, g.n(), adds);
      }
    }
  }
}
