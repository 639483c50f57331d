package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// The weight gradient of a convolution that [Winograd] does: the gradient of its transformed
/// weights, 36 products of transformed blocks of dy and of x, transformed back.
///
/// Blocks are taken a few dozen at a time, so that the products find them in the cache; the planes
/// are shared out, so no partial sums are needed.
record WinogradGradWeight(Gemm g, Operand.Matrix dy, Patches p) {
  /// Numbers of transformed blocks at a time: 1.5 MiB, the second-level caches of two threads.
  private static final int BLOCKS = 400_000;

  static boolean suits(Gemm g, Operand.Matrix dy, Patches p) {
    return dy.pitch() == g.m() && g.c().pitch() == g.n() && Winograd.suits(p, g.m());
  }

  void run(Workers team) {
    int channels = p.channels(), outputs = g.m();
    Patches d =
        new Patches(
            dy.a(),
            dy.at(),
            p.rows(),
            p.columns(),
            outputs,
            outputs,
            p.rows(),
            p.columns(),
            1,
            0,
            0,
            3,
            3);
    WinogradBlocks xs = WinogradBlocks.of(p, 6), ds = WinogradBlocks.of(d, 4);
    int all = g.k() / (p.rows() * p.columns()) * xs.count();
    int each = Math.clamp(BLOCKS / (36 * (channels + outputs)), 48, Math.max(48, all));
    int vPlane = Winograd.plane(each, channels), mPlane = Winograd.plane(each, outputs);
    int plane = Winograd.plane(outputs, channels), slices = Gemm.ceil(each, 8);
    float[] v = Scratch.take(36 * vPlane), m = Scratch.take(36 * mPlane);
    float[] sum = Scratch.take(36 * plane);
    Planes products = new Planes();
    for (int first = 0; first < all; first += each) {
      int from = first, count = Math.min(each, all - first);
      team.run(
          slices,
          part -> {
            int i = part * 8, n = Math.min(8, count - i);
            if (n <= 0) return;
            xs.transform(WinogradTile.Matrix.IMAGE, from + i, n, v, vPlane, i);
            ds.transform(WinogradTile.Matrix.RESULT_GRAD, from + i, n, m, mPlane, i);
          });
      team.run(
          36,
          xi -> {
            int dAt = Scratch.ALIGN + xi * mPlane, xAt = Scratch.ALIGN + xi * vPlane;
            int to = Scratch.ALIGN + xi * plane;
            products.multiply(count, m, dAt, v, xAt, sum, to, from > 0);
          });
    }
    Scratch.give(m);
    Scratch.give(v);
    land(team, sum, plane);
    Scratch.give(sum);
  }

  /// The 36 products, sums `[outputs, channels]` (+)= m's transpose times v.
  private final class Planes {
    final int channels = p.channels(), outputs = g.m();
    final int strips = Gemm.ceil(outputs, ROWS), shorter = outputs / strips;
    final Tile[] wide = tiles(COLUMNS), narrow = tiles(LANES);

    /// For strips of the shorter and of the longer kind.
    private Tile[] tiles(int columns) {
      return new Tile[] {tile(shorter, columns), tile(shorter + 1, columns)};
    }

    private Tile tile(int rows, int columns) {
      return new GemmTile(rows, columns, 1, 1, outputs, channels).fastest();
    }

    void multiply(
        int count, float[] m, int d, float[] v, int x, float[] sum, int to, boolean adds) {
      for (int s = 0; s < strips; s++) {
        int f = outputs * s / strips, rows = outputs * (s + 1) / strips - f;
        for (int j = 0; j < channels; j += COLUMNS) {
          Tile[] tiles = channels - j >= COLUMNS ? wide : narrow;
          int place = to + f * channels + j;
          tiles[rows - shorter].run(count, m, d + f, 0, v, x + j, 0, sum, place, channels, adds);
        }
      }
    }
  }

  /// Transforms the sums back, an output's weights at a time.
  private void land(Workers team, float[] sum, int plane) {
    int channels = p.channels();
    Tile tile =
        new WinogradTile(WinogradTile.Matrix.WEIGHT_GRAD, 6 * plane, plane, 3 * channels, channels)
            .fastest();
    team.run(
        Gemm.ceil(g.m(), 16),
        part -> {
          float[] between = Scratch.take(36 * LANES);
          for (int f = part * 16; f < Math.min(g.m(), part * 16 + 16); f++) {
            int from = Scratch.ALIGN + f * channels, to = g.c().place(f);
            float[] c = g.c().c();
            tile.run(
                channels / LANES, sum, from, 0, between, Scratch.ALIGN, 0, c, to, 0, g.c().adds());
          }
          Scratch.give(between);
        });
  }
}
