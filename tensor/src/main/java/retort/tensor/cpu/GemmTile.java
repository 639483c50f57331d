package retort.tensor.cpu;

/// The innermost product: a tile of c, held in registers, gathers `k` outer products.
///
/// `c[i, j] (+)= sum over q of a[i, q] b[q, j]` for a fixed number of rows i and columns j. b is a
/// packed panel `[k, columns]`; a is a packed strip, by rows or by columns (see [GemmTiles]); rows
/// of c are `ldc` apart.
interface GemmTile {
  void run(int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean adds);

  /// The tile in plain loops, for any extent and any strides of a: what runs without the Vector
  /// API, and what the vector tiles mean.
  record Scalar(int rows, int columns, int rowStride, int depthStride) implements GemmTile {
    @Override
    public void run(
        int k, float[] a, int ao, float[] b, int bo, float[] c, int co, int ldc, boolean adds) {
      for (int i = 0; i < rows; i++) {
        int at = co + i * ldc;
        if (!adds) java.util.Arrays.fill(c, at, at + columns, 0);
        for (int q = 0; q < k; q++) {
          float s = a[ao + i * rowStride + q * depthStride];
          int from = bo + q * columns;
          for (int j = 0; j < columns; j++) c[at + j] += s * b[from + j];
        }
      }
    }
  }
}
