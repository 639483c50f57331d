package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

/// The loops over one row of layer normalisation. The way back is one loop: as separate loops of
/// [Runs] they are so many that C2 stops inlining halfway (`NodeCountInliningCutoff`), at ten times
/// the cost.
class LayerRuns {
  static final LayerRuns LAYERS = Simd.ON ? new VectorLayerRuns() : new LayerRuns();

  /// Two of the widest vectors.
  static final int SPARE = 32;

  double sum(float[] x, int xo, int n) {
    return RUNS.sum(x, xo, n);
  }

  /// The sum of (x - centre)^2.
  double squares(float[] x, int xo, int n, float centre) {
    return RUNS.squares(x, xo, n, centre);
  }

  /// y = (x - mean) rstd gamma + beta
  void normalise(
      float[] x,
      int xo,
      float mean,
      float rstd,
      float[] gamma,
      int go,
      float[] beta,
      int bo,
      float[] y,
      int yo,
      int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma((x[xo + i] - mean) * rstd, gamma[go + i], beta[bo + i]);
    }
  }

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
