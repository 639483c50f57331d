package retort.tensor.cpu;

/// The tiles of this machine's products, made when first asked for.
///
/// A tile is up to [#ROWS] rows and one or two vectors of columns; two, because a broadcast shared
/// by two multiplications halves the loads. Ten rows of two vectors hold 20 sums, which with two
/// vectors of b leave ten of the 32 registers of AVX-512 for broadcasts: C2 begins several of them
/// ahead, and with 24 sums has to keep one in memory, at a tenth of the speed. With 16 registers it
/// keeps four rows of two and spills six.
///
/// A strip of a comes as it lies: by columns, each [#ROWS] long; by rows, [#STEP] apart when
/// packed; or by short rows in place. Strides are constants of the compiled code: with strides in
/// variables the same tile takes two to four times as long.
final class GemmTiles {
  static final int LANES = Simd.ON ? Lanes.SPECIES.length() : 16;

  /// Whether there are 32 vector registers rather than 16.
  static final boolean MANY = LANES == 16 || System.getProperty("os.arch").equals("aarch64");

  /// Rows of a full tile: no more than lanes, or a multiple of them, as [Strips] wants it.
  static final int ROWS = LANES == 16 ? 10 : MANY ? 8 : 4;

  /// Columns of a full panel of b.
  static final int COLUMNS = 2 * LANES;

  /// Numbers from a row of a strip to the next: the longest sum, and a vector more, for rows a
  /// power of two apart would push each other out of the first-level cache.
  static final int STEP = Gemm.DEPTH + LANES;

  /// Vectors that are copied in straight code.
  static final int COPIED = 8;

  private static final Tile[][] PRODUCTS = new Tile[STEP + 1][2 * ROWS];
  private static final Tile[] TURNS = new Tile[LANES];
  private static final Tile[] COPIES = new Tile[COPIED];

  private GemmTiles() {}

  // a race makes a tile twice, which does no harm

  /// The tile for a strip whose rows are so far apart; 1 if it lies by columns.
  static Tile product(int rows, int vectors, int rowStride) {
    Tile[] tiles = PRODUCTS[rowStride];
    int i = 2 * (rows - 1) + vectors - 1, columns = vectors * LANES;
    if (tiles[i] == null) {
      int depth = rowStride == 1 ? ROWS : 1;
      tiles[i] = new GemmTile(rows, columns, 1, rowStride, depth, columns).fastest();
    }
    return tiles[i];
  }

  static Tile turn(int rows) {
    if (TURNS[rows - 1] == null) TURNS[rows - 1] = new TurnTile(rows).fastest();
    return TURNS[rows - 1];
  }

  static Tile copy(int vectors) {
    if (COPIES[vectors - 1] == null) COPIES[vectors - 1] = new CopyTile(vectors).fastest();
    return COPIES[vectors - 1];
  }
}
