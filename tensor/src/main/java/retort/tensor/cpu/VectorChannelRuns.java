package retort.tensor.cpu;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// [ChannelRuns] in vectors: the same bits, without the branches.
final class VectorChannelRuns extends ChannelRuns {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  @Override
  void scale(
      float[] x,
      int xo,
      float[] k,
      int mean,
      int scale,
      int shift,
      float floor,
      float[] y,
      int yo,
      int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = at(x, xo + i).sub(at(k, mean + i)).fma(at(k, scale + i), at(k, shift + i));
      v.blend(0, v.compare(LE, floor)).intoArray(y, yo + i);
    }
    super.scale(x, xo + i, k, mean + i, scale + i, shift + i, floor, y, yo + i, n - i);
  }

  @Override
  void scaleAdd(
      float[] x,
      int xo,
      float[] k,
      int mean,
      int scale,
      int shift,
      float[] r,
      int ro,
      float floor,
      float[] y,
      int yo,
      int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = at(x, xo + i).sub(at(k, mean + i)).fma(at(k, scale + i), at(k, shift + i));
      v = v.add(at(r, ro + i));
      v.blend(0, v.compare(LE, floor)).intoArray(y, yo + i);
    }
    super.scaleAdd(
        x, xo + i, k, mean + i, scale + i, shift + i, r, ro + i, floor, y, yo + i, n - i);
  }

  @Override
  void grad(
      float[] d,
      int at,
      float[] x,
      int xo,
      float[] k,
      int mean,
      int a,
      int b,
      int c,
      float[] dx,
      int to,
      int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector rest = at(x, xo + i).sub(at(k, mean + i)).fma(at(k, b + i), at(k, c + i));
      at(k, a + i).fma(at(d, at + i), rest).intoArray(dx, to + i);
    }
    super.grad(d, at + i, x, xo + i, k, mean + i, a + i, b + i, c + i, dx, to + i, n - i);
  }

  @Override
  void gradRelu(
      float[] d,
      int at,
      float[] x,
      int xo,
      float[] k,
      int mean,
      int a,
      int shift,
      int b,
      int c,
      float[] dx,
      int to,
      int n) {
    int i = 0;
    FloatVector zero = FloatVector.zero(S);
    for (; i <= n - LANES; i += LANES) {
      FloatVector off = at(x, xo + i).sub(at(k, mean + i)), scale = at(k, a + i);
      FloatVector rest = off.fma(at(k, b + i), at(k, c + i));
      FloatVector y = off.fma(scale, at(k, shift + i));
      FloatVector v = zero.blend(at(d, at + i), y.compare(GT, zero));
      scale.fma(v, rest).intoArray(dx, to + i);
    }
    super.gradRelu(
        d, at + i, x, xo + i, k, mean + i, a + i, shift + i, b + i, c + i, dx, to + i, n - i);
  }
}
