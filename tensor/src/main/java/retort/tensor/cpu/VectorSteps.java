package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [Steps] in vectors, with the same bits.
final class VectorSteps extends Steps {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final int LANES = S.length();

  private static FloatVector at(float[] a, int i) {
    return FloatVector.fromArray(S, a, i);
  }

  private static FloatVector all(float v) {
    return FloatVector.broadcast(S, v);
  }

  @Override
  void sgd(
      float momentum,
      float decay,
      float direct,
      float carried,
      float[] g,
      int go,
      float[] v,
      int vo,
      float[] w,
      int wo,
      int n) {
    FloatVector lost = all(decay), kept = all(momentum), one = all(direct), other = all(carried);
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector weight = at(w, wo + i), d = lost.fma(weight, at(g, go + i));
      FloatVector velocity = kept.fma(at(v, vo + i), d);
      velocity.intoArray(v, vo + i);
      other.fma(velocity, one.fma(d, weight)).intoArray(w, wo + i);
    }
    super.sgd(momentum, decay, direct, carried, g, go + i, v, vo + i, w, wo + i, n - i);
  }

  @Override
  void adam(
      Adam a, float[] g, int go, float[] m, int mo, float[] v, int vo, float[] w, int wo, int n) {
    FloatVector beta1 = all(a.beta1()), beta2 = all(a.beta2()), keep = all(a.keep());
    float rest1 = a.rest1(), rest2 = a.rest2(), unbias = a.unbias(), eps = a.eps(), step = a.step();
    int i = 0;
    for (; i <= n - LANES; i += LANES) {
      FloatVector slope = at(g, go + i);
      FloatVector mean = beta1.fma(at(m, mo + i), slope.mul(rest1));
      FloatVector square = beta2.fma(at(v, vo + i), slope.mul(rest2).mul(slope));
      mean.intoArray(m, mo + i);
      square.intoArray(v, vo + i);
      FloatVector root = square.mul(unbias).lanewise(VectorOperators.SQRT).add(eps);
      keep.fma(at(w, wo + i), mean.mul(step).div(root)).intoArray(w, wo + i);
    }
    super.adam(a, g, go + i, m, mo + i, v, vo + i, w, wo + i, n - i);
  }
}
