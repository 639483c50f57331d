package retort.tensor.cpu;

import java.util.Arrays;

/// The tile of a product: `c[i, j] (+)= sum over l and q of a[l aPitch + i rowStride + q
/// depthStride] b[l bPitch + q bStride + j]` for rows i and columns j, the sum over a number of
/// lines l of n terms each. The rows of c are `cPitch` apart.
record GemmTile(int rows, int columns, int lines, int rowStride, int depthStride, int bStride)
    implements PlainTile {

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
      int to = co + i * cPitch;
      if (!adds) Arrays.fill(c, to, to + columns, 0);
      for (int j = 0; j < columns; j += 4) { // four sums at a time, in registers
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (int l = 0; l < lines; l++) {
          int from = ao + l * aPitch + i * rowStride, p = bo + l * bPitch + j;
          for (int q = 0; q < n; q++, from += depthStride, p += bStride) {
            float s = a[from];
            s0 = Math.fma(s, b[p], s0);
            s1 = Math.fma(s, b[p + 1], s1);
            s2 = Math.fma(s, b[p + 2], s2);
            s3 = Math.fma(s, b[p + 3], s3);
          }
        }
        c[to + j] += s0;
        c[to + j + 1] += s1;
        c[to + j + 2] += s2;
        c[to + j + 3] += s3;
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int a = rows * rowStride + n * depthStride, b = columns + n * bStride;
    return Math.max(Math.max(a, b) + lines * pitch, columns + rows * pitch);
  }

  @Override
  public Tile shared() {
    return (n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch, adds) -> {
      var nest = new SharedTile.Nest(1, 0, 0, lines, aPitch, bPitch, n, depthStride, bStride);
      new SharedTile(rows, columns, rowStride, nest).run(a, ao, b, bo, c, co, cPitch, adds);
    };
  }

  /// Every sum is a local of its own in straight code, which is the only form that C2 keeps in
  /// registers: by hand a page for each number of rows, here written once.
  @Override
  public Tile vector() {
    int lanes = GemmTiles.LANES, vectors = columns / lanes;
    return VectorCode.compile(v -> {
      int[] sum = v.zeros(rows * vectors);
      v.loop(
          v.constant(lines),
          l -> {
            int aLine = v.plus(v.ao, v.times(l, v.aPitch));
            int bLine = v.plus(v.bo, v.times(l, v.bPitch));
            v.loop(
                v.n,
                q -> {
                  int a = v.at(aLine, q, depthStride), b = v.at(bLine, q, bStride);
                  int[] row = new int[vectors];
                  for (int j = 0; j < vectors; j++) row[j] = v.load(v.b, b, j * lanes);
                  for (int i = 0; i < rows; i++) {
                    int s = v.broadcast(v.a, a, i * rowStride);
                    for (int j = 0; j < vectors; j++) v.fma(s, row[j], sum[i * vectors + j]);
                  }
                });
          });
      v.land(sum, vectors);
    });
  }
}
