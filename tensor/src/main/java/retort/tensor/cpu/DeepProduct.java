package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

import java.util.Arrays;

/// The product c `[m, n]` of the transpose of a `[k, m]` and b `[k, n]` where k is long and c
/// small, as in the weights' gradient of a 1x1 convolution. Both factors lie as a tile wants to
/// read them; packing would take half of the time, for each of their numbers meets few others. So
/// tiles read them in place, and go over c once every few rows.
record DeepProduct(int m, int n, Operand.Matrix a, Operand.Matrix b) {
  /// Rows of the factors that the first two levels of the cache hold until all of c has met them.
  private static final int DEPTH = 128;

  /// The same product as one of factors that can be read so; null if they can't.
  static DeepProduct of(Gemm g) {
    if (g.n() % LANES != 0) return null;
    return g.a() instanceof Operand.Transposed(Operand.Matrix a)
            && g.b() instanceof Operand.Matrix b
        ? new DeepProduct(g.m(), g.n(), a, b)
        : null;
  }

  /// Sums over rows `from` to `to` of the factors into c, which is dense.
  void sum(int from, int to, float[] c, int at) {
    Arrays.fill(c, at, at + m * n, 0);
    int strips = Gemm.ceil(m, ROWS), low = m / strips, high = Gemm.ceil(m, strips);
    Tile[] tiles = {tile(low, 1), tile(low, 2), tile(high, 1), tile(high, 2)};
    for (int k = from; k < to; k += DEPTH) {
      int depth = Math.min(DEPTH, to - k);
      for (int s = 0; s < strips; s++) {
        int row = m * s / strips, h = m * (s + 1) / strips - row;
        for (int j = 0; j < n; j += COLUMNS) {
          int x = a.at() + k * a.pitch() + row,
              y = b.at() + k * b.pitch() + j,
              place = at + row * n + j;
          Tile tile = tiles[2 * (h - low) + Math.min(COLUMNS, n - j) / LANES - 1];
          tile.run(depth, a.a(), x, 0, b.a(), y, 0, c, place, n, true);
        }
      }
    }
  }

  private Tile tile(int rows, int vectors) {
    return new GemmTile(rows, vectors * LANES, 1, 1, a.pitch(), b.pitch()).fastest();
  }
}
