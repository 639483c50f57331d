package retort.tensor.cpu;

/// The way back through one row of layer normalisation, in one loop: as separate loops of [Runs]
/// they are so many that C2 stops inlining halfway (`NodeCountInliningCutoff`), at ten times the
/// cost.
class LayerRuns {
  static final LayerRuns LAYERS = Simd.ON ? new VectorLayerRuns() : new LayerRuns();

  /// Two of the widest vectors.
  static final int SPARE = 32;

  /// norm = (x - mean) rstd and v = d gamma, which are kept in `k`; sums += d and dots += d norm
  /// there too; the row's sums of v and of v norm are added to totals. Behind v, k has [#SPARE]
  /// numbers to spare.
  void row(
      float[] x,
      int xo,
      float mean,
      float rstd,
      float[] d,
      int at,
      float[] gamma,
      int go,
      float[] k,
      int norm,
      int weighted,
      int sums,
      int dots,
      int n,
      double[] totals) {
    for (int i = 0; i < n; i++) {
      float standard = (x[xo + i] - mean) * rstd, v = d[at + i] * gamma[go + i];
      k[norm + i] = standard;
      k[weighted + i] = v;
      k[sums + i] += d[at + i];
      k[dots + i] = Math.fma(d[at + i], standard, k[dots + i]);
      totals[0] += v;
      totals[1] += (double) v * standard;
    }
  }
}
