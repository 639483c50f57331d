package retort.tensor.cpu;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops of [Runs] that hand vectors make faster. Sums run in double precision, four at a time
/// so that additions don't wait for each other; lanes are added one by one in their order, for the
/// library's own sum over a vector promises none.
final class VectorRuns extends Runs {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, S.vectorShape());
  private static final int DOUBLES = D.length();

  @Override
  void add(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      v.add(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    super.add(x, xo + i, y, yo + i, n - i);
  }

  @Override
  void multiplyAdd(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, a, ao + i),
          sum = FloatVector.fromArray(S, y, yo + i);
      v.fma(FloatVector.fromArray(S, b, bo + i), sum).intoArray(y, yo + i);
    }
    super.multiplyAdd(a, ao + i, b, bo + i, y, yo + i, n - i);
  }

  @Override
  void max(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, y, yo + i);
      v.max(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    super.max(x, xo + i, y, yo + i, n - i);
  }

  @Override
  void accumulate(float[] x, int xo, double[] sums, int so, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      int j = so + i;
      DoubleVector.fromArray(D, sums, j).add(low(v)).intoArray(sums, j);
      DoubleVector.fromArray(D, sums, j + DOUBLES).add(high(v)).intoArray(sums, j + DOUBLES);
    }
    super.accumulate(x, xo + i, sums, so + i, n - i);
  }

  /// Four vectors of columns stay in registers while the rows go by.
  @Override
  void accumulateRows(float[] x, int xo, int rows, int cols, double[] sums) {
    int j = 0;
    for (; j <= cols - 4 * DOUBLES; j += 4 * DOUBLES) {
      DoubleVector s0 = DoubleVector.fromArray(D, sums, j);
      DoubleVector s1 = DoubleVector.fromArray(D, sums, j + DOUBLES);
      DoubleVector s2 = DoubleVector.fromArray(D, sums, j + 2 * DOUBLES);
      DoubleVector s3 = DoubleVector.fromArray(D, sums, j + 3 * DOUBLES);
      for (int r = 0, at = xo + j; r < rows; r++, at += cols) {
        s0 = s0.add(wide(x, at));
        s1 = s1.add(wide(x, at + DOUBLES));
        s2 = s2.add(wide(x, at + 2 * DOUBLES));
        s3 = s3.add(last(x, at + 3 * DOUBLES));
      }
      s0.intoArray(sums, j);
      s1.intoArray(sums, j + DOUBLES);
      s2.intoArray(sums, j + 2 * DOUBLES);
      s3.intoArray(sums, j + 3 * DOUBLES);
    }
    if (j == cols) return;
    for (int r = 0; r < rows; r++) accumulate(x, xo + r * cols + j, sums, j, cols - j);
  }

  @Override
  double sum(float[] x, int xo, int n) {
    DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
    int i = 0;
    for (; i <= n - 4 * DOUBLES; i += 4 * DOUBLES) {
      s0 = s0.add(wide(x, xo + i));
      s1 = s1.add(wide(x, xo + i + DOUBLES));
      s2 = s2.add(wide(x, xo + i + 2 * DOUBLES));
      s3 = s3.add(last(x, xo + i + 3 * DOUBLES));
    }
    return lanes(s0.add(s1).add(s2.add(s3))) + super.sum(x, xo + i, n - i);
  }

  @Override
  double squares(float[] x, int xo, int n, double centre) {
    DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
    DoubleVector c = DoubleVector.broadcast(D, centre);
    int i = 0;
    for (; i <= n - 4 * DOUBLES; i += 4 * DOUBLES) {
      DoubleVector d0 = wide(x, xo + i).sub(c), d1 = wide(x, xo + i + DOUBLES).sub(c);
      DoubleVector d2 = wide(x, xo + i + 2 * DOUBLES).sub(c);
      DoubleVector d3 = last(x, xo + i + 3 * DOUBLES).sub(c);
      s0 = d0.fma(d0, s0);
      s1 = d1.fma(d1, s1);
      s2 = d2.fma(d2, s2);
      s3 = d3.fma(d3, s3);
    }
    return lanes(s0.add(s1).add(s2.add(s3))) + super.squares(x, xo + i, n - i, centre);
  }

  @Override
  double dot(float[] a, int ao, float[] b, int bo, int n) {
    DoubleVector s0 = DoubleVector.zero(D), s1 = s0, s2 = s0, s3 = s0;
    int i = 0;
    for (; i <= n - 4 * DOUBLES; i += 4 * DOUBLES) {
      s0 = wide(a, ao + i).fma(wide(b, bo + i), s0);
      s1 = wide(a, ao + i + DOUBLES).fma(wide(b, bo + i + DOUBLES), s1);
      s2 = wide(a, ao + i + 2 * DOUBLES).fma(wide(b, bo + i + 2 * DOUBLES), s2);
      s3 = last(a, ao + i + 3 * DOUBLES).fma(last(b, bo + i + 3 * DOUBLES), s3);
    }
    return lanes(s0.add(s1).add(s2.add(s3))) + super.dot(a, ao + i, b, bo + i, n - i);
  }

  /// x[at ..] as doubles. Twice as many floats are loaded, of which half goes unused: half a vector
  /// of floats would spoil the speed of whole ones, see [WarmingTile].
  private static DoubleVector wide(float[] x, int at) {
    return low(FloatVector.fromArray(S, x, at));
  }

  /// The same where x may end with these. Moving lanes costs as much as the conversion.
  private static DoubleVector last(float[] x, int at) {
    return high(FloatVector.fromArray(S, x, at - DOUBLES));
  }

  private static DoubleVector low(FloatVector v) {
    return (DoubleVector) v.convertShape(VectorOperators.F2D, D, 0);
  }

  private static DoubleVector high(FloatVector v) {
    return (DoubleVector) v.convertShape(VectorOperators.F2D, D, 1);
  }

  /// The sum of the lanes, in double precision.
  static double lanes(FloatVector v) {
    return lanes(low(v).add(high(v)));
  }

  private static double lanes(DoubleVector v) {
    // Written out, for a lane whose number C2 doesn't see as a constant is many times slower.
    double sum = v.lane(0) + v.lane(1);
    if (DOUBLES > 2) sum += v.lane(2) + v.lane(3);
    if (DOUBLES > 4) sum += v.lane(4) + v.lane(5) + (v.lane(6) + v.lane(7));
    return sum;
  }

  @Override
  float greatest(float[] x, int xo, int n) {
    if (n < LANES) return super.greatest(x, xo, n);
    FloatVector m0 = FloatVector.fromArray(S, x, xo), m1 = m0, m2 = m0, m3 = m0;
    int i = LANES;
    for (; i <= n - 4 * LANES; i += 4 * LANES) {
      m0 = m0.max(FloatVector.fromArray(S, x, xo + i));
      m1 = m1.max(FloatVector.fromArray(S, x, xo + i + LANES));
      m2 = m2.max(FloatVector.fromArray(S, x, xo + i + 2 * LANES));
      m3 = m3.max(FloatVector.fromArray(S, x, xo + i + 3 * LANES));
    }
    for (; i <= n - LANES; i += LANES) m0 = m0.max(FloatVector.fromArray(S, x, xo + i));
    // The last vector overlaps what was seen before: a maximum doesn't mind.
    m1 = m1.max(FloatVector.fromArray(S, x, xo + n - LANES));
    return m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX);
  }

  @Override
  void affine(float p, float[] x, int xo, float r, float q, float[] y, int yo, int n) {
    FloatVector vr = FloatVector.broadcast(S, r), vq = FloatVector.broadcast(S, q);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector.fromArray(S, x, xo + i).add(p).fma(vr, vq).intoArray(y, yo + i);
    }
    super.affine(p, x, xo + i, r, q, y, yo + i, n - i);
  }

  @Override
  void scaled(float p, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, a, ao + i).add(p);
      v.mul(FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
    }
    super.scaled(p, a, ao + i, b, bo + i, y, yo + i, n - i);
  }

  @Override
  void fused(
      float p, float[] a, int ao, float[] b, int bo, float[] c, int co, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, a, ao + i).add(p);
      FloatVector w = FloatVector.fromArray(S, b, bo + i);
      v.fma(w, FloatVector.fromArray(S, c, co + i)).intoArray(y, yo + i);
    }
    super.fused(p, a, ao + i, b, bo + i, c, co + i, y, yo + i, n - i);
  }

  @Override
  void blend(
      float p, float[] a, int ao, float q, float[] b, int bo, float r, float[] y, int yo, int n) {
    FloatVector vp = FloatVector.broadcast(S, p), vq = FloatVector.broadcast(S, q);
    FloatVector vr = FloatVector.broadcast(S, r);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector rest = vq.fma(FloatVector.fromArray(S, b, bo + i), vr);
      vp.fma(FloatVector.fromArray(S, a, ao + i), rest).intoArray(y, yo + i);
    }
    super.blend(p, a, ao + i, q, b, bo + i, r, y, yo + i, n - i);
  }

  @Override
  void divide(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, a, ao + i);
      v.div(FloatVector.fromArray(S, b, bo + i)).intoArray(y, yo + i);
    }
    super.divide(a, ao + i, b, bo + i, y, yo + i, n - i);
  }

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  /// v where it is larger or NaN. [FloatVector#max] takes twice the time, for the sign of zero.
  private static FloatVector larger(FloatVector max, FloatVector v) {
    return max.blend(v, v.compare(VectorOperators.GT, max).or(v.compare(VectorOperators.NE, v)));
  }

  @Override
  void maxima(float[] x, int xo, int[] taps, int count, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector max = at(x, xo + taps[0] + i);
      for (int t = 1; t < count; t++) max = larger(max, at(x, xo + taps[t] + i));
      max.intoArray(y, yo + i);
    }
    super.maxima(x, xo + i, taps, count, y, yo + i, n - i);
  }

  @Override
  void toMaxima(
      float[] x,
      int xo,
      int[] taps,
      int count,
      float[] y,
      int yo,
      float[] dy,
      int at,
      float[] dx,
      int to,
      int n) {
    FloatVector zero = FloatVector.zero(S);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      // What of dy has not found its maximum yet; 0 once it has.
      FloatVector max = at(y, yo + i), open = at(dy, at + i);
      for (int t = 0; t < count; t++) {
        VectorMask<Float> here = at(x, xo + taps[t] + i).compare(VectorOperators.EQ, max);
        int place = to + taps[t] + i;
        at(dx, place).add(zero.blend(open, here)).intoArray(dx, place);
        open = open.blend(zero, here);
      }
    }
    super.toMaxima(x, xo + i, taps, count, y, yo + i, dy, at + i, dx, to + i, n - i);
  }
}
