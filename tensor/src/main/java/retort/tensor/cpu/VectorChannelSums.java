package retort.tensor.cpu;

import static jdk.incubator.vector.VectorOperators.GT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [ChannelSums] in vectors: the same bits. Two columns of vectors at a time, whose sums stay in
/// registers: one alone would wait for its own last addition.
final class VectorChannelSums extends ChannelSums {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  private static void add(FloatVector v, float[] s, int i) {
    at(s, i).add(v).intoArray(s, i);
  }

  @Override
  void moments(
      float[] x,
      int xo,
      int rows,
      int pitch,
      int wide,
      float[] k,
      int centre,
      float[] s,
      int sums,
      int squares) {
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= wide - 2 * LANES; j += 2 * LANES) {
      FloatVector c0 = at(k, centre + j), c1 = at(k, centre + j + LANES);
      FloatVector sum0 = zero, sum1 = zero, square0 = zero, square1 = zero;
      for (int r = 0, i = xo + j; r < rows; r++, i += pitch) {
        FloatVector off0 = at(x, i).sub(c0), off1 = at(x, i + LANES).sub(c1);
        sum0 = sum0.add(off0);
        sum1 = sum1.add(off1);
        square0 = off0.fma(off0, square0);
        square1 = off1.fma(off1, square1);
      }
      add(sum0, s, sums + j);
      add(sum1, s, sums + j + LANES);
      add(square0, s, squares + j);
      add(square1, s, squares + j + LANES);
    }
    super.moments(x, xo + j, rows, pitch, wide - j, k, centre + j, s, sums + j, squares + j);
  }

  @Override
  void gradSums(
      float[] d,
      int at,
      float[] x,
      int xo,
      int rows,
      int pitch,
      int wide,
      float[] k,
      int mean,
      float[] s,
      int sums,
      int dots) {
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= wide - 2 * LANES; j += 2 * LANES) {
      FloatVector mean0 = at(k, mean + j), mean1 = at(k, mean + j + LANES);
      FloatVector sum0 = zero, sum1 = zero, dot0 = zero, dot1 = zero;
      for (int r = 0, i = j; r < rows; r++, i += pitch) {
        FloatVector d0 = at(d, at + i), d1 = at(d, at + i + LANES);
        sum0 = sum0.add(d0);
        sum1 = sum1.add(d1);
        dot0 = d0.fma(at(x, xo + i).sub(mean0), dot0);
        dot1 = d1.fma(at(x, xo + i + LANES).sub(mean1), dot1);
      }
      add(sum0, s, sums + j);
      add(sum1, s, sums + j + LANES);
      add(dot0, s, dots + j);
      add(dot1, s, dots + j + LANES);
    }
    super.gradSums(d, at + j, x, xo + j, rows, pitch, wide - j, k, mean + j, s, sums + j, dots + j);
  }

  @Override
  void gradSumsRelu(
      float[] d,
      int at,
      float[] x,
      int xo,
      int rows,
      int pitch,
      int wide,
      float[] k,
      int mean,
      int scale,
      int shift,
      float[] s,
      int sums,
      int dots) {
    FloatVector zero = FloatVector.zero(S);
    int j = 0;
    for (; j <= wide - 2 * LANES; j += 2 * LANES) {
      FloatVector mean0 = at(k, mean + j), mean1 = at(k, mean + j + LANES);
      FloatVector scale0 = at(k, scale + j), scale1 = at(k, scale + j + LANES);
      FloatVector shift0 = at(k, shift + j), shift1 = at(k, shift + j + LANES);
      FloatVector sum0 = zero, sum1 = zero, dot0 = zero, dot1 = zero;
      for (int r = 0, i = j; r < rows; r++, i += pitch) {
        FloatVector off0 = at(x, xo + i).sub(mean0), off1 = at(x, xo + i + LANES).sub(mean1);
        FloatVector y0 = off0.fma(scale0, shift0), y1 = off1.fma(scale1, shift1);
        FloatVector d0 = zero.blend(at(d, at + i), y0.compare(GT, zero));
        FloatVector d1 = zero.blend(at(d, at + i + LANES), y1.compare(GT, zero));
        sum0 = sum0.add(d0);
        sum1 = sum1.add(d1);
        dot0 = d0.fma(off0, dot0);
        dot1 = d1.fma(off1, dot1);
      }
      add(sum0, s, sums + j);
      add(sum1, s, sums + j + LANES);
      add(dot0, s, dots + j);
      add(dot1, s, dots + j + LANES);
    }
    super.gradSumsRelu(
        d, at + j, x, xo + j, rows, pitch, wide - j, k, mean + j, scale + j, shift + j, s, sums + j,
        dots + j);
  }
}
