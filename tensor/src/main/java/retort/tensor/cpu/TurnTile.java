package retort.tensor.cpu;

/// Turns some rows of a matrix into columns: `c[q cPitch + i] = a[i aPitch + q]` for n vectors of
/// q. Of each line of c a whole vector is written, with zeros beyond the last row: where lines are
/// closer than that, the next one covers them.
record TurnTile(int rows) implements PlainTile {

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
    int lanes = GemmTiles.LANES;
    for (int q = 0; q < n * lanes; q++) {
      int to = co + q * cPitch;
      for (int i = 0; i < rows; i++) c[to + i] = a[ao + i * aPitch + q];
      for (int i = rows; i < lanes; i++) c[to + i] = 0;
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int lanes = GemmTiles.LANES;
    return Math.max(rows, n * lanes) * pitch + n * lanes + lanes;
  }

  /// Exchanges halves of ever smaller blocks, as a recursive transposition does: after the step for
  /// a bit, that bit of a number's row and of its lane have changed places.
  @Override
  public Tile vector() {
    int lanes = GemmTiles.LANES;
    return VectorCode.compile(v -> {
      int none = v.zeros(1)[0];
      v.loop(
          v.n,
          q -> {
            int[] from = v.rows(v.at(v.ao, q, lanes), v.aPitch, rows), x = new int[lanes];
            for (int i = 0; i < lanes; i++) x[i] = i < rows ? v.load(v.a, from[i], 0) : none;
            for (int bit = 1; bit < lanes; bit *= 2) {
              for (int i = 0; i < lanes; i++) {
                if ((i & bit) != 0) continue;
                int low = x[i], high = x[i + bit];
                x[i] = v.blend(low, v.flip(high, bit), bit);
                x[i + bit] = v.blend(v.flip(low, bit), high, bit);
              }
            }
            int to = v.plus(v.co, v.times(v.times(q, v.constant(lanes)), v.cPitch));
            for (int i = 0; i < lanes; i++) {
              v.store(x[i], v.c, to, 0);
              to = v.plus(to, v.cPitch);
            }
          });
    });
  }
}
