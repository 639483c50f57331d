package retort.tensor.cpu;

/// Writes the register tile of a product as vector code.
///
/// Every sum is a local of its own in one straight loop, which is the only form that C2 keeps in
/// registers. By hand that is a page for each number of rows; here it is written once and compiled
/// for the extents and strides that are asked for.
final class VectorTile {
  private VectorTile() {}

  static GemmTile gemm(int rows, int vectors, int rowStride, int depthStride) {
    int lanes = Lanes.SPECIES.length();
    return VectorCode.compile(
        GemmTile.class,
        v -> {
          int k = v.parameter(0), a = v.parameter(1), ao = v.parameter(2), b = v.parameter(3);
          int bo = v.parameter(4), c = v.parameter(5), co = v.parameter(6), ldc = v.parameter(7);
          int adds = v.parameter(8);
          int[] sum = v.zeros(rows * vectors);
          v.loop(
              k,
              q -> {
                int aq = v.at(ao, q, depthStride), bq = v.at(bo, q, vectors * lanes);
                int[] row = new int[vectors];
                for (int j = 0; j < vectors; j++) row[j] = v.load(b, bq, j * lanes);
                for (int i = 0; i < rows; i++) {
                  int s = v.broadcast(a, aq, i * rowStride);
                  for (int j = 0; j < vectors; j++) v.fma(sum[i * vectors + j], s, row[j]);
                }
              });
          int[] place = new int[rows];
          for (int i = 0; i < rows; i++) place[i] = i == 0 ? co : v.plus(place[i - 1], ldc);
          v.when(
              adds,
              () -> {
                for (int s = 0; s < sum.length; s++) {
                  v.add(sum[s], v.load(c, place[s / vectors], s % vectors * lanes));
                }
              });
          for (int s = 0; s < sum.length; s++) {
            v.store(sum[s], c, place[s / vectors], s % vectors * lanes);
          }
        });
  }
}
