package retort.tensor.cpu;

import static retort.tensor.cpu.FloatMath.*;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [FloatMath] a vector at a time: the same operations in the same order, hence the same bits.
/// Methods are short enough for C2 to inline, for a vector that crosses a call becomes an object.
final class VectorMath {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;

  private VectorMath() {}

  static FloatVector exp(FloatVector x) {
    x = x.max(EXP_LEAST).min(EXP_MOST);
    FloatVector shifted = x.fma(splat(LOG2_E), splat(ROUNDER)), n = shifted.sub(ROUNDER);
    FloatVector r = n.fma(splat(-LN2_LOW), n.fma(splat(-LN2_HIGH), x));
    FloatVector p = splat(E6).fma(r, splat(E5)).fma(r, splat(E4)).fma(r, splat(E3));
    p = p.fma(r, splat(E2)).fma(r.mul(r), r).add(1);
    IntVector whole = shifted.reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
    IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
    return p.mul(power(half)).mul(power(whole.sub(half)));
  }

  private static FloatVector power(IntVector n) {
    return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
  }

  static FloatVector sigmoid(FloatVector x) {
    return splat(1).div(exp(x.neg()).add(1));
  }

  static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs(), s = x.mul(x);
    FloatVector p = splat(T5).fma(s, splat(T4)).fma(s, splat(T3)).fma(s, splat(T2));
    FloatVector near = p.fma(s, splat(T1)).mul(s).fma(x, x);
    FloatVector far = splat(1).sub(splat(2).div(exp(a.add(a)).add(1)));
    far = far.blend(far.neg(), x.compare(VectorOperators.LT, 0));
    return far.blend(near, a.compare(VectorOperators.LT, TANH_NEAR));
  }

  static FloatVector bell(FloatVector x) {
    FloatVector a = x.abs().min(CDF_MOST), half = a.mul(0.5f), square = half.mul(a);
    return exp(square.neg()).mul(splat(1).sub(half.fma(a, square.neg())));
  }

  static FloatVector normalCdf(FloatVector x, FloatVector bell) {
    FloatVector a = x.abs().min(CDF_MOST), t = splat(1).div(a.fma(splat(HALF_Z), splat(1)));
    FloatVector p = splat(C9).fma(t, splat(C8)).fma(t, splat(C7)).fma(t, splat(C6));
    p = p.fma(t, splat(C5)).fma(t, splat(C4)).fma(t, splat(C3)).fma(t, splat(C2));
    p = p.fma(t, splat(C1)).fma(t, splat(C0));
    FloatVector tail = bell.mul(0.5f).mul(t).mul(p);
    return splat(1).sub(tail).blend(tail, x.compare(VectorOperators.LT, 0));
  }

  private static FloatVector splat(float v) {
    return FloatVector.broadcast(S, v);
  }
}
