package retort.tensor.cpu;

import static retort.tensor.cpu.FloatMath.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import retort.tensor.Unary;

/// The activations of [Maps] in hand vectors, with the same bits; the tails, and all other
/// functions, are left to [Maps].
///
/// All but ReLU go through an exponential. It is a loop of its own, over a block in L1, and what
/// comes before and after it are others: a vector function called from many loops C2 inlines into
/// some and not into others, and a vector that crosses a call becomes an object, at twenty times
/// the cost. The passes more cost a tenth of a nanosecond a number.
final class VectorMaps extends Maps {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  private static FloatVector all(float v) {
    return FloatVector.broadcast(S, v);
  }

  @Override
  void value(Unary f, float a, float b, float[] x, int xo, float[] y, int yo, int n) {
    int whole = n - n % LANES; // the rest is the tail
    switch (f) {
      case RELU -> relu(x, xo, y, yo, whole);
      case EXP -> exp(0, x, xo, 1, y, yo, whole);
      case SIGMOID, TANH, SILU, GELU, GELU_TANH -> {
        float[] e = Scratch.take(Into.BLOCK);
        for (int i = 0; i < whole; i += Into.BLOCK) {
          int m = Math.min(Into.BLOCK, whole - i);
          exponential(f, x, xo + i, e, m);
          switch (f) {
            case SIGMOID -> sigmoid(e, y, yo + i, m);
            case TANH -> tanh(x, xo + i, e, y, yo + i, m);
            case GELU -> gelu(x, xo + i, e, y, yo + i, m);
            default -> gated(x, xo + i, e, y, yo + i, m);
          }
        }
        Scratch.give(e);
      }
      default -> whole = 0;
    }
    super.value(f, a, b, x, xo + whole, y, yo + whole, n - whole);
  }

  /// The exponential that a function is made of.
  private void exponential(Unary f, float[] x, int xo, float[] e, int n) {
    switch (f) {
      case TANH -> exp(0, x, xo, 2, e, Scratch.ALIGN, n);
      case GELU -> {
        bellArgument(x, xo, e, n);
        exp(0, e, Scratch.ALIGN, 1, e, Scratch.ALIGN, n);
      }
      case GELU_TANH -> {
        gate(x, xo, e, n);
        exp(0, e, Scratch.ALIGN, -1, e, Scratch.ALIGN, n);
      }
      default -> exp(0, x, xo, -1, e, Scratch.ALIGN, n);
    }
  }

  @Override
  void exp(float p, float[] x, int xo, float r, float[] y, int yo, int n) {
    FloatVector log2e = all(LOG2_E), rounder = all(ROUNDER), high = all(-LN2_HIGH);
    FloatVector low = all(-LN2_LOW), e2 = all(E2), e3 = all(E3), e4 = all(E4), e5 = all(E5);
    FloatVector e6 = all(E6);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector v = at(x, xo + i).add(p).mul(r);
      v = v.blend(EXP_LEAST, v.compare(VectorOperators.LT, EXP_LEAST));
      v = v.blend(EXP_MOST, v.compare(VectorOperators.GT, EXP_MOST));
      FloatVector shifted = v.fma(log2e, rounder), times = shifted.sub(rounder);
      FloatVector rest = times.fma(low, times.fma(high, v));
      FloatVector poly = e6.fma(rest, e5).fma(rest, e4).fma(rest, e3).fma(rest, e2);
      poly = poly.fma(rest.mul(rest), rest).add(1);
      IntVector whole = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
      IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
      IntVector first = half.add(127).lanewise(VectorOperators.LSHL, 23);
      IntVector second = whole.sub(half).add(127).lanewise(VectorOperators.LSHL, 23);
      poly.mul(first.reinterpretAsFloats()).mul(second.reinterpretAsFloats()).intoArray(y, yo + i);
    }
    super.exp(p, x, xo + i, r, y, yo + i, n - i);
  }

  private static void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, yo + i); // NaN stays
    }
  }

  /// 1 / (1 + e)
  private static void sigmoid(float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      all(1).div(at(e, Scratch.ALIGN + i).add(1)).intoArray(y, yo + i);
    }
  }

  /// x / (1 + e)
  private static void gated(float[] x, int xo, float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      at(x, xo + i).div(at(e, Scratch.ALIGN + i).add(1)).intoArray(y, yo + i);
    }
  }

  /// 1 - 2 / (1 + e), or a polynomial near 0
  private static void tanh(float[] x, int xo, float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), s = v.mul(v);
      FloatVector p = all(T5).fma(s, all(T4)).fma(s, all(T3)).fma(s, all(T2)).fma(s, all(T1));
      FloatVector near = p.mul(s).fma(v, v);
      FloatVector far = all(1).sub(all(2).div(at(e, Scratch.ALIGN + i).add(1)));
      far.blend(near, v.abs().compare(VectorOperators.LT, TANH_NEAR)).intoArray(y, yo + i);
    }
  }

  /// -x^2 / 2
  private static void bellArgument(float[] x, int xo, float[] e, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector a = at(x, xo + i).abs().min(CDF_MOST);
      a.mul(0.5f).mul(a).neg().intoArray(e, Scratch.ALIGN + i);
    }
  }

  private static void gate(float[] x, int xo, float[] e, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), cube = all(GATE_CUBE).fma(v.mul(v), all(1));
      v.mul(GATE).mul(cube).intoArray(e, Scratch.ALIGN + i);
    }
  }

  /// x Phi(x), as [FloatMath#normalCdf]
  private static void gelu(float[] x, int xo, float[] e, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), a = v.abs().min(CDF_MOST), half = a.mul(0.5f);
      FloatVector slip = half.fma(a, half.mul(a).neg());
      FloatVector bell = at(e, Scratch.ALIGN + i).mul(all(1).sub(slip));
      FloatVector t = all(1).div(a.fma(all(HALF_Z), all(1)));
      FloatVector p = all(C9).fma(t, all(C8)).fma(t, all(C7)).fma(t, all(C6)).fma(t, all(C5));
      p = p.fma(t, all(C4)).fma(t, all(C3)).fma(t, all(C2)).fma(t, all(C1)).fma(t, all(C0));
      FloatVector tail = bell.mul(0.5f).mul(t).mul(p);
      FloatVector cdf = all(1).sub(tail).blend(tail, v.compare(VectorOperators.LT, 0));
      v.mul(cdf).intoArray(y, yo + i);
    }
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
    int whole = n - n % LANES;
    switch (f) {
      case RELU -> reluSlope(s, so, dy, dyo, dx, dxo, whole);
      case SIGMOID -> sigmoidSlope(s, so, dy, dyo, dx, dxo, whole);
      case TANH -> tanhSlope(s, so, dy, dyo, dx, dxo, whole);
      case SILU, GELU, GELU_TANH -> {
        float[] e = Scratch.take(Into.BLOCK);
        for (int i = 0; i < whole; i += Into.BLOCK) {
          int m = Math.min(Into.BLOCK, whole - i);
          exponential(f, s, so + i, e, m);
          switch (f) {
            case SILU -> siluSlope(s, so + i, e, dy, dyo + i, dx, dxo + i, m);
            case GELU -> geluSlope(s, so + i, e, dy, dyo + i, dx, dxo + i, m);
            default -> gatedSlope(s, so + i, e, dy, dyo + i, dx, dxo + i, m);
          }
        }
        Scratch.give(e);
      }
      default -> whole = 0;
    }
    super.slope(f, a, b, s, so + whole, dy, dyo + whole, dx, dxo + whole, n - whole);
  }

  private static void reluSlope(
      float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    FloatVector zero = FloatVector.zero(S);
    for (int i = 0; i < n; i += LANES) {
      zero.blend(at(dy, dyo + i), at(y, yo + i).compare(VectorOperators.GT, zero))
          .intoArray(dx, dxo + i);
    }
  }

  private static void sigmoidSlope(
      float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(y, yo + i);
      at(dy, dyo + i).mul(v.mul(all(1).sub(v))).intoArray(dx, dxo + i);
    }
  }

  private static void tanhSlope(
      float[] y, int yo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(y, yo + i);
      at(dy, dyo + i).mul(all(1).sub(v.mul(v))).intoArray(dx, dxo + i);
    }
  }

  private static void siluSlope(
      float[] x, int xo, float[] e, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector p = all(1).div(at(e, Scratch.ALIGN + i).add(1));
      FloatVector slope = p.mul(at(x, xo + i).fma(all(1).sub(p), all(1)));
      at(dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
  }

  private static void gatedSlope(
      float[] x, int xo, float[] e, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), ex = at(e, Scratch.ALIGN + i);
      FloatVector p = all(1).div(ex.add(1)), q = ex.min(NEARLY_INFINITE).mul(p);
      FloatVector gateSlope = all(3 * GATE_CUBE).fma(v.mul(v), all(1)).mul(GATE);
      FloatVector slope = p.mul(v.mul(q).fma(gateSlope, all(1)));
      at(dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
  }

  /// Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi)
  private static void geluSlope(
      float[] x, int xo, float[] e, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), a = v.abs().min(CDF_MOST), half = a.mul(0.5f);
      FloatVector slip = half.fma(a, half.mul(a).neg());
      FloatVector bell = at(e, Scratch.ALIGN + i).mul(all(1).sub(slip));
      FloatVector t = all(1).div(a.fma(all(HALF_Z), all(1)));
      FloatVector p = all(C9).fma(t, all(C8)).fma(t, all(C7)).fma(t, all(C6)).fma(t, all(C5));
      p = p.fma(t, all(C4)).fma(t, all(C3)).fma(t, all(C2)).fma(t, all(C1)).fma(t, all(C0));
      FloatVector tail = bell.mul(0.5f).mul(t).mul(p);
      FloatVector cdf = all(1).sub(tail).blend(tail, v.compare(VectorOperators.LT, 0));
      FloatVector slope = v.mul(INV_SQRT_2PI).fma(bell, cdf);
      at(dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
  }
}
