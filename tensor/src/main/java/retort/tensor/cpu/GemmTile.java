package retort.tensor.cpu;

import java.util.Arrays;

/// The tile of a product: `c[i, j] (+)= sum over q of a[i, q] b[q, j]` for `rows` rows i and
/// `columns` columns j, the sum over n terms. b is a packed panel `[n, columns]`, a a packed strip
/// whose strides are the tile's own; the rows of c are `cPitch` apart, and the other pitches mean
/// nothing.
record GemmTile(int rows, int columns, int rowStride, int depthStride) implements Tile {

  @Override
  public void run(
      int n,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      float[] c,
      int co,
      int cPitch,
      boolean adds) {
    for (int i = 0; i < rows; i++) {
      int from = ao + i * rowStride, to = co + i * cPitch;
      if (!adds) Arrays.fill(c, to, to + columns, 0);
      for (int j = 0; j < columns; j += 4) { // four sums at a time, in registers
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (int q = 0; q < n; q++) {
          float s = a[from + q * depthStride];
          int p = bo + q * columns + j;
          s0 = Math.fma(s, b[p], s0);
          s1 = Math.fma(s, b[p + 1], s1);
          s2 = Math.fma(s, b[p + 2], s2);
          s3 = Math.fma(s, b[p + 3], s3);
        }
        c[to + j] += s0;
        c[to + j + 1] += s1;
        c[to + j + 2] += s2;
        c[to + j + 3] += s3;
      }
    }
  }

  /// The same as vector code. Every sum is a local of its own in one straight loop, which is the
  /// only form that C2 keeps in registers: by hand a page for each number of rows, here written
  /// once.
  Tile vector() {
    int lanes = GemmTiles.LANES, vectors = columns / lanes;
    return VectorCode.compile(v -> {
      int[] sum = v.zeros(rows * vectors);
      v.loop(
          v.n,
          q -> {
            int a = v.at(v.ao, q, depthStride), b = v.at(v.bo, q, columns);
            int[] row = new int[vectors];
            for (int j = 0; j < vectors; j++) row[j] = v.load(v.b, b, j * lanes);
            for (int i = 0; i < rows; i++) {
              int s = v.broadcast(v.a, a, i * rowStride);
              for (int j = 0; j < vectors; j++) v.fma(s, row[j], sum[i * vectors + j]);
            }
          });
      int[] c = new int[rows];
      for (int i = 0; i < rows; i++) c[i] = i == 0 ? v.co : v.plus(c[i - 1], v.cPitch);
      v.whenAdds(() -> {
        for (int s = 0; s < sum.length; s++) {
          v.add(sum[s], v.load(v.c, c[s / vectors], s % vectors * lanes));
        }
      });
      for (int s = 0; s < sum.length; s++) {
        v.store(sum[s], v.c, c[s / vectors], s % vectors * lanes);
      }
    });
  }
}
