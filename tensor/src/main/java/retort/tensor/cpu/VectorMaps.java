package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import retort.tensor.Unary;

/// The activations of [Maps] in hand vectors, a loop each; the tail of every run, and all other
/// functions, are left to [Maps], which gives the same bits.
final class VectorMaps extends Maps {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  @Override
  void value(Unary f, float a, float b, float[] x, int xo, float[] y, int yo, int n) {
    int done =
        switch (f) {
          case EXP -> exp(x, xo, y, yo, n);
          case RELU -> relu(x, xo, y, yo, n);
          case SIGMOID -> sigmoid(x, xo, y, yo, n);
          case TANH -> tanh(x, xo, y, yo, n);
          case SILU -> silu(x, xo, y, yo, n);
          case GELU -> gelu(x, xo, y, yo, n);
          default -> 0;
        };
    super.value(f, a, b, x, xo + done, y, yo + done, n - done);
  }

  private static int exp(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    return i;
  }

  private static int relu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, yo + i); // NaN stays
    }
    return i;
  }

  private static int sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      VectorMath.sigmoid(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    return i;
  }

  private static int tanh(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      VectorMath.tanh(FloatVector.fromArray(S, x, xo + i)).intoArray(y, yo + i);
    }
    return i;
  }

  private static int silu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.div(VectorMath.exp(v.neg()).add(1)).intoArray(y, yo + i);
    }
    return i;
  }

  private static int gelu(float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = FloatVector.fromArray(S, x, xo + i);
      v.mul(VectorMath.normalCdf(v, VectorMath.bell(v))).intoArray(y, yo + i);
    }
    return i;
  }

  @Override
  void slope(
      Unary f,
      float a,
      float b,
      float[] s,
      int so,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    int done =
        switch (f) {
          case RELU -> reluSlope(s, so, dy, dyo, dx, dxo, n);
          case SILU -> siluSlope(s, so, dy, dyo, dx, dxo, n);
          case GELU -> geluSlope(s, so, dy, dyo, dx, dxo, n);
          default -> 0;
        };
    super.slope(f, a, b, s, so + done, dy, dyo + done, dx, dxo + done, n - done);
  }

  private static int reluSlope(float[] s, int so, float[] dy, int dyo, float[] dx, int dxo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector d = FloatVector.fromArray(S, dy, dyo + i);
      FloatVector y = FloatVector.fromArray(S, s, so + i);
      FloatVector.zero(S).blend(d, y.compare(VectorOperators.GT, 0)).intoArray(dx, dxo + i);
    }
    return i;
  }

  private static int siluSlope(float[] s, int so, float[] dy, int dyo, float[] dx, int dxo, int n) {
    int i = 0;
    FloatVector one = FloatVector.broadcast(S, 1);
    for (; i <= n - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, s, so + i), p = VectorMath.sigmoid(x);
      FloatVector slope = p.mul(x.fma(one.sub(p), one));
      FloatVector.fromArray(S, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    return i;
  }

  private static int geluSlope(float[] s, int so, float[] dy, int dyo, float[] dx, int dxo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector x = FloatVector.fromArray(S, s, so + i), bell = VectorMath.bell(x);
      FloatVector slope = x.mul(FloatMath.INV_SQRT_2PI).fma(bell, VectorMath.normalCdf(x, bell));
      FloatVector.fromArray(S, dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
    return i;
  }

  @Override
  void expMinus(float shift, float[] x, int xo, float[] y, int yo, int n) {
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      VectorMath.exp(FloatVector.fromArray(S, x, xo + i).sub(shift)).intoArray(y, yo + i);
    }
    super.expMinus(shift, x, xo + i, y, yo + i, n - i);
  }
}
