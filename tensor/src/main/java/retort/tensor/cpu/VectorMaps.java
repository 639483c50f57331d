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
/// A function is one loop, so that its division and the memory hide behind its exponential. What
/// the loops share takes and returns vectors: a vector that crosses a call becomes an object, at
/// twenty times the cost, so these methods must be ones that C2 always inlines. It refuses those
/// whose own code has more than 2,500 bytes (`InlineSmallCode`); these have 700.
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
      case EXP -> exp(x, xo, y, yo, whole);
      case SIGMOID -> sigmoid(x, xo, y, yo, whole);
      case TANH -> tanh(x, xo, y, yo, whole);
      case SILU -> silu(x, xo, y, yo, whole);
      case GELU -> gelu(x, xo, y, yo, whole);
      case GELU_TANH -> geluTanh(x, xo, y, yo, whole);
      default -> whole = 0;
    }
    super.value(f, a, b, x, xo + whole, y, yo + whole, n - whole);
  }

  /// As [FloatMath#exp]
  private static FloatVector exp(FloatVector x) {
    FloatVector v = x.blend(EXP_LEAST, x.compare(VectorOperators.LT, EXP_LEAST));
    IntVector n = v.fma(all(LOG2_E), all(ROUNDER)).reinterpretAsInts().min(MOST_BITS);
    FloatVector f = v.fma(all(LOG2_E), all(ROUNDER).sub(n.reinterpretAsFloats()));
    return power(n, v.fma(all(LOG2_E_LOW), f));
  }

  private static FloatVector power(IntVector n, FloatVector f) {
    FloatVector p = all(E6).fma(f, all(E5)).fma(f, all(E4)).fma(f, all(E3));
    p = p.fma(f, all(E2)).fma(f, all(E1)).fma(f, all(2));
    return p.mul(n.lanewise(VectorOperators.LSHL, EXPONENT).reinterpretAsFloats());
  }

  /// |x|, up to where the normal distribution ends
  private static FloatVector distance(FloatVector x) {
    return x.reinterpretAsInts().and(0x7fffffff).min(CDF_MOST_BITS).reinterpretAsFloats();
  }

  /// As [FloatMath#bell], given the [#distance]
  private static FloatVector bell(FloatVector a) {
    FloatVector square = a.mul(a), shifted = square.fma(all(BELL), all(ROUNDER));
    FloatVector f = square.fma(all(BELL), all(ROUNDER).sub(shifted));
    return power(shifted.reinterpretAsInts(), f);
  }

  /// As [FloatMath#normalCdf]
  private static FloatVector normalCdf(FloatVector x, FloatVector a, FloatVector bell) {
    FloatVector one = all(1), t = one.div(a.fma(all(TAIL), one));
    FloatVector p = all(C8).fma(t, all(C7)).fma(t, all(C6)).fma(t, all(C5)).fma(t, all(C4));
    p = p.fma(t, all(C3)).fma(t, all(C2)).fma(t, all(C1)).fma(t, all(C0));
    FloatVector tail = bell.mul(t).mul(p);
    return one.sub(tail).blend(tail, x.compare(VectorOperators.LT, 0));
  }

  /// e^-v, v as [FloatMath#geluGate]
  private static FloatVector gate(FloatVector x) {
    return exp(x.mul(-GATE).mul(all(GATE_CUBE).fma(x.mul(x), all(1))));
  }

  private static void exp(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) exp(at(x, xo + i)).intoArray(y, yo + i);
  }

  private static void relu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i);
      v.blend(0, v.compare(VectorOperators.LE, 0)).intoArray(y, yo + i); // NaN stays
    }
  }

  private static void sigmoid(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      all(1).div(exp(at(x, xo + i).neg()).add(1)).intoArray(y, yo + i);
    }
  }

  private static void silu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i);
      v.div(exp(v.neg()).add(1)).intoArray(y, yo + i);
    }
  }

  private static void tanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), s = v.mul(v);
      FloatVector p = all(T5).fma(s, all(T4)).fma(s, all(T3)).fma(s, all(T2)).fma(s, all(T1));
      FloatVector near = p.mul(s).fma(v, v);
      FloatVector far = all(1).sub(all(2).div(exp(v.mul(2)).add(1)));
      far.blend(near, v.abs().compare(VectorOperators.LT, TANH_NEAR)).intoArray(y, yo + i);
    }
  }

  private static void gelu(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), a = distance(v);
      v.mul(normalCdf(v, a, bell(a))).intoArray(y, yo + i);
    }
  }

  private static void geluTanh(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i);
      v.div(gate(v).add(1)).intoArray(y, yo + i);
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
      case SILU -> siluSlope(s, so, dy, dyo, dx, dxo, whole);
      case GELU -> geluSlope(s, so, dy, dyo, dx, dxo, whole);
      case GELU_TANH -> geluTanhSlope(s, so, dy, dyo, dx, dxo, whole);
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
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), p = all(1).div(exp(v.neg()).add(1));
      FloatVector slope = p.mul(v.fma(all(1).sub(p), all(1)));
      at(dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
  }

  /// Phi(x) + x e^(-x^2 / 2) / sqrt(2 pi), in two loops over a block in L1: one would have more
  /// vector calls, 60, than C2 inlines (`NodeCountInliningCutoff`).
  private static void geluSlope(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    float[] bells = Scratch.take(Into.BLOCK);
    for (int i = 0; i < n; i += Into.BLOCK) {
      int m = Math.min(Into.BLOCK, n - i);
      bells(x, xo + i, bells, m);
      geluSlope(x, xo + i, bells, dy, dyo + i, dx, dxo + i, m);
    }
    Scratch.give(bells);
  }

  private static void bells(float[] x, int xo, float[] bells, int n) {
    for (int i = 0; i < n; i += LANES) {
      bell(distance(at(x, xo + i))).intoArray(bells, Scratch.ALIGN + i);
    }
  }

  private static void geluSlope(
      float[] x, int xo, float[] bells, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), bell = at(bells, Scratch.ALIGN + i);
      FloatVector slope = v.mul(INV_SQRT_2PI).fma(bell, normalCdf(v, distance(v), bell));
      at(dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
  }

  private static void geluTanhSlope(
      float[] x, int xo, float[] dy, int dyo, float[] dx, int dxo, int n) {
    for (int i = 0; i < n; i += LANES) {
      FloatVector v = at(x, xo + i), e = gate(v);
      FloatVector p = all(1).div(e.add(1)), q = e.min(NEARLY_INFINITE).mul(p);
      FloatVector gateSlope = all(3 * GATE_CUBE).fma(v.mul(v), all(1)).mul(GATE);
      FloatVector slope = p.mul(v.mul(q).fma(gateSlope, all(1)));
      at(dy, dyo + i).mul(slope).intoArray(dx, dxo + i);
    }
  }

  /// Lanes gather their sums in float32 over no more than [Into#BLOCK] numbers.
  @Override
  double expSum(float p, float[] x, int xo, float[] y, int yo, int n) {
    double total = 0;
    int i = 0;
    while (i <= n - LANES) {
      int end = i + Math.min(Into.BLOCK, n - i) / LANES * LANES;
      FloatVector sum = FloatVector.zero(S);
      for (; i < end; i += LANES) {
        FloatVector v = exp(at(x, xo + i).add(p));
        v.intoArray(y, yo + i);
        sum = sum.add(v);
      }
      total += VectorRuns.lanes(sum);
    }
    return total + super.expSum(p, x, xo + i, y, yo + i, n - i);
  }
}
