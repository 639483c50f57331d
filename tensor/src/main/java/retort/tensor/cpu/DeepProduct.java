package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// The product c `[m, n]` (+)= the transpose of a `[k, m]` times b `[k, n]` where k is long and the
/// second-level cache holds c, as in the gradients of weights. Stored factors lie as a tile wants
/// to read them, and packing would take half of the time, for each of their numbers meets few
/// others. So tiles read them in place, and go over c once every few rows; windows of images are
/// packed.
///
/// c is summed up in several sums, so that threads that share out the sums read each factor once.
/// How many depends on m, n and k alone.
record DeepProduct(Gemm g, Operand.Matrix a, Operand.Rows b, boolean turned) {
  /// Rows of the factors that the second-level cache holds until all of c has met them.
  private static final int DEPTH = 256;

  /// Numbers of c at most: a quarter of a 2 MiB second-level cache, as the rows of the factors take
  /// up to another half. Of more, [Gemm] packs the factors: their numbers meet many others.
  private static final int MOST = 1 << 17;

  /// Numbers of all sums at most, which are a power of two for teams to share out evenly.
  private static final int SUMS = 3 << 17;

  /// The same product as one of factors that can be read so; null if they can't, or if it is
  /// neither deep nor small.
  static DeepProduct of(Gemm g) {
    if (g.k() < 4 * Gemm.DEPTH || (long) g.m() * g.n() > MOST || g.bias() != null) return null;
    boolean turned = PartialSums.turns(g.m(), g.n());
    Gemm of = turned ? g.turned() : g;
    return of != null
            && of.n() % LANES == 0
            && of.a() instanceof Operand.Transposed(Operand.Matrix a)
            && of.b() instanceof Operand.Rows b
        ? new DeepProduct(of, a, b, turned)
        : null;
  }

  void run(Workers team) {
    int size = g.m() * g.n(), k = g.k(), cuts = Integer.highestOneBit(g.cuts(SUMS / size));
    int parts = Gemm.ceil(g.parts(team), cuts), across = g.across(parts);
    int down = Math.min(parts / across, Gemm.ceil(g.m(), ROWS)), panels = Gemm.ceil(g.n(), COLUMNS);
    PartialSums sums =
        turned
            ? PartialSums.take(cuts, g.n(), g.m(), true)
            : PartialSums.take(cuts, g.m(), g.n(), false);
    team.run(
        cuts * down * across,
        part -> {
          int cut = part / (down * across), i = part / across % down, j = part % across;
          int from = (int) ((long) k * cut / cuts), to = (int) ((long) k * (cut + 1) / cuts);
          int left = panels * j / across * COLUMNS, right = panels * (j + 1) / across * COLUMNS;
          new Rectangle(
                  g.m() * i / down,
                  g.m() * (i + 1) / down,
                  left,
                  Math.min(g.n(), right),
                  sums.sums(),
                  sums.at(cut))
              .sum(from, to);
        });
    sums.land(team, g.c());
  }

  /// Rows `first` to `end` and columns `left` to `right` of a sum.
  private final class Rectangle {
    final int first, end, left, right, at;
    final float[] c;

    Rectangle(int first, int end, int left, int right, float[] c, int at) {
      this.first = first;
      this.end = end;
      this.left = left;
      this.right = right;
      this.c = c;
      this.at = at;
    }

    /// Sums over rows `from` to `to` of the factors.
    void sum(int from, int to) {
      int rows = end - first, strips = Gemm.ceil(rows, ROWS), n = g.n();
      int low = rows / strips, high = Gemm.ceil(rows, strips);
      Tile[] tiles = {tile(low, 1), tile(low, 2), tile(high, 1), tile(high, 2)};
      Operand.Matrix near = b instanceof Operand.Matrix m ? m : null;
      float[] y = near == null ? Scratch.take(DEPTH * (right - left)) : near.a();
      for (int k = from; k < to; k += DEPTH) {
        int depth = Math.min(DEPTH, to - k), column = near == null ? depth : 1;
        int start = near == null ? Scratch.ALIGN - left * depth : near.at() + k * near.pitch();
        if (near == null) pack(k, depth, y, start);
        else meet(near, k, depth, left, right);
        meet(a, k, depth, first, end);
        for (int s = 0; s < strips; s++) {
          int row = first + rows * s / strips, h = first + rows * (s + 1) / strips - row;
          int x = a.at() + k * a.pitch() + row, place = at + row * n;
          for (int j = left; j < right; j += COLUMNS) {
            Tile tile = tiles[2 * (h - low) + Math.min(COLUMNS, right - j) / LANES - 1];
            tile.run(depth, a.a(), x, 0, y, start + j * column, 0, c, place + j, n, k > from);
          }
        }
      }
      if (near == null) Scratch.give(y);
    }

    private void pack(int k, int depth, float[] panels, int start) {
      int end = Gemm.ceil(right, COLUMNS);
      Panels.inOrder(b, g.n()).pack(k, depth, left / COLUMNS, end, panels, start);
    }
  }

  private Tile tile(int rows, int vectors) {
    int columns = vectors * LANES, row = b instanceof Operand.Matrix m ? m.pitch() : columns;
    return new GemmTile(rows, columns, 1, 1, a.pitch(), row).fastest();
  }

  /// Reads some rows and columns in order: tiles read them in another.
  private static void meet(Operand.Matrix x, int row, int rows, int left, int right) {
    boolean whole = right - left == x.pitch();
    int runs = whole ? 1 : rows, length = whole ? rows * x.pitch() : right - left;
    for (int i = 0; i < runs; i++) {
      int from = x.at() + (row + i) * x.pitch() + left;
      ReadAhead.of(x.a(), from, from + length);
    }
  }
}
