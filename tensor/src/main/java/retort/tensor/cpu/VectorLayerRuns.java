package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [LayerRuns] in vectors. A row's totals gather in float32, a lane at a time: a lane adds up a
/// row's length over the vector's, few enough; the lanes are added in double precision.
final class VectorLayerRuns extends LayerRuns {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  @Override
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
    FloatVector total = FloatVector.zero(S), dot = total;
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector standard = at(x, xo + i).sub(mean).mul(rstd), slope = at(d, at + i);
      FloatVector v = slope.mul(at(gamma, go + i));
      standard.intoArray(k, norm + i);
      v.intoArray(k, weighted + i);
      at(k, sums + i).add(slope).intoArray(k, sums + i);
      slope.fma(standard, at(k, dots + i)).intoArray(k, dots + i);
      total = total.add(v);
      dot = v.fma(standard, dot);
    }
    if (i > 0) {
      // Behind the row of v there is room for two vectors.
      total.intoArray(k, weighted + n);
      dot.intoArray(k, weighted + n + LANES);
      for (int lane = 0; lane < LANES; lane++) {
        totals[0] += k[weighted + n + lane];
        totals[1] += k[weighted + n + LANES + lane];
      }
    }
    super.row(
        x,
        xo + i,
        mean,
        rstd,
        d,
        at + i,
        gamma,
        go + i,
        k,
        norm + i,
        weighted + i,
        sums + i,
        dots + i,
        n - i,
        totals);
  }
}
