package retort.tensor.cpu;

/// Copies n rows of some vectors each: `c[q cPitch + j] = a[q aPitch + j]`. Rows of c may overlap,
/// the later one then covers the earlier. For rows this short, [System#arraycopy] takes longer to
/// begin than to copy.
record CopyTile(int vectors) implements PlainTile {

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
    int columns = vectors * GemmTiles.LANES;
    for (int q = 0; q < n; q++) System.arraycopy(a, ao + q * aPitch, c, co + q * cPitch, columns);
  }

  @Override
  public int reach(int n, int pitch) {
    return n * pitch + vectors * GemmTiles.LANES;
  }

  @Override
  public Tile vector() {
    int lanes = GemmTiles.LANES;
    return VectorCode.compile(v ->
        v.loop(
            v.n,
            q -> {
              int from = v.plus(v.ao, v.times(q, v.aPitch));
              int to = v.plus(v.co, v.times(q, v.cPitch));
              for (int j = 0; j < vectors; j++) {
                v.store(v.load(v.a, from, j * lanes), v.c, to, j * lanes);
              }
            }));
  }
}
