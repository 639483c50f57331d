package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [LayerRuns] in vectors. A row's totals gather in float32, a lane at a time: a lane adds up a
/// row's length over the vector's, few enough; the lanes, and blocks of longer rows, are added in
/// double precision.
final class VectorLayerRuns extends LayerRuns {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  /// Numbers a turn: four vectors, so that additions don't wait for each other.
  private static final int TURN = 4 * LANES;

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  @Override
  double sum(float[] x, int xo, int n) {
    double total = 0;
    int i = 0;
    while (i <= n - TURN) {
      int end = i + Math.min(Into.BLOCK, n - i) / TURN * TURN;
      FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
      for (; i < end; i += TURN) {
        s0 = s0.add(at(x, xo + i));
        s1 = s1.add(at(x, xo + i + LANES));
        s2 = s2.add(at(x, xo + i + 2 * LANES));
        s3 = s3.add(at(x, xo + i + 3 * LANES));
      }
      total += VectorRuns.lanes(s0.add(s1).add(s2.add(s3)));
    }
    return total + super.sum(x, xo + i, n - i);
  }

  @Override
  double squares(float[] x, int xo, int n, float centre) {
    FloatVector c = FloatVector.broadcast(S, centre);
    double total = 0;
    int i = 0;
    while (i <= n - TURN) {
      int end = i + Math.min(Into.BLOCK, n - i) / TURN * TURN;
      FloatVector s0 = FloatVector.zero(S), s1 = s0, s2 = s0, s3 = s0;
      for (; i < end; i += TURN) {
        FloatVector d0 = at(x, xo + i).sub(c), d1 = at(x, xo + i + LANES).sub(c);
        FloatVector d2 = at(x, xo + i + 2 * LANES).sub(c);
        FloatVector d3 = at(x, xo + i + 3 * LANES).sub(c);
        s0 = d0.fma(d0, s0);
        s1 = d1.fma(d1, s1);
        s2 = d2.fma(d2, s2);
        s3 = d3.fma(d3, s3);
      }
      total += VectorRuns.lanes(s0.add(s1).add(s2.add(s3)));
    }
    return total + super.squares(x, xo + i, n - i, centre);
  }

  @Override
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
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector standard = at(x, xo + i).sub(mean).mul(rstd);
      standard.fma(at(gamma, go + i), at(beta, bo + i)).intoArray(y, yo + i);
    }
    super.normalise(x, xo + i, mean, rstd, gamma, go + i, beta, bo + i, y, yo + i, n - i);
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
