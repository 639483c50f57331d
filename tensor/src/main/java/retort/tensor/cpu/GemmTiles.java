package retort.tensor.cpu;

/// The tiles of this machine, made when first asked for.
///
/// A tile is up to [#ROWS] rows and one or two vectors of columns. Twelve rows of two vectors hold
/// 24 sums, two vectors of b and a broadcast: 27 of the 32 registers that AVX-512 and NEON have.
/// With 16 registers C2 keeps four rows of two and spills six. Two vectors, because a broadcast
/// shared by two multiplications halves the loads.
///
/// A strip of a comes by rows, each [#DEPTH] long, so that packing it is a plain copy; or, of a
/// transposed matrix, by columns, each [#ROWS] long. Both strides are constants of the compiled
/// code: with strides in variables the same tile takes two to four times as long.
final class GemmTiles {
  static final int LANES = Simd.ON ? Lanes.SPECIES.length() : 16;
  static final int ROWS = LANES == 16 || System.getProperty("os.arch").equals("aarch64") ? 12 : 4;

  /// Columns of a full panel of b.
  static final int COLUMNS = 2 * LANES;

  /// The longest sum in one go: a strip of a fills half of a 48 KiB L1, and a panel of b streams
  /// by.
  static final int DEPTH = 512;

  private static final Tile[] BY_ROWS = new Tile[2 * ROWS];
  private static final Tile[] BY_COLUMNS = new Tile[2 * ROWS];

  private GemmTiles() {}

  /// The tile whose strip of a lies by rows.
  static Tile byRows(int rows, int vectors) {
    return tile(BY_ROWS, rows, vectors, DEPTH, 1);
  }

  /// The tile whose strip of a lies by columns.
  static Tile byColumns(int rows, int vectors) {
    return tile(BY_COLUMNS, rows, vectors, 1, ROWS);
  }

  private static Tile tile(Tile[] made, int rows, int vectors, int rowStride, int depthStride) {
    int i = 2 * (rows - 1) + vectors - 1;
    if (made[i] == null) { // a race finds it twice, which does no harm
      int columns = vectors * LANES;
      made[i] = new GemmTile(rows, columns, 1, rowStride, depthStride, columns).fastest();
    }
    return made[i];
  }
}
