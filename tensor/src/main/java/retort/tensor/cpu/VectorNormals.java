package retort.tensor.cpu;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// [Normals] in vectors, with the same bits.
final class VectorNormals extends Normals {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, S.vectorShape());
  private static final int LANES = S.length();

  private static FloatVector all(float v) {
    return FloatVector.broadcast(S, v);
  }

  @Override
  void pairs(int[] a, int[] b, float[] c, float[] d, int from, int n) {
    int i = from;
    for (; i <= n - LANES; i += LANES) {
      // The radius.
      IntVector word = IntVector.fromArray(I, a, i);
      VectorMask<Float> near = word.compare(VectorOperators.LT, 0).cast(S);
      FloatVector lacks =
          ((FloatVector) word.not().convertShape(VectorOperators.I2F, S, 0)).mul(0x1p-32f);
      FloatVector low =
          ((FloatVector) word.convertShape(VectorOperators.I2F, S, 0)).add(1).mul(0x1p-32f);
      FloatVector u = low.blend(all(1).sub(lacks), near);
      IntVector e = u.reinterpretAsInts().sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 23);
      IntVector power = e.neg().add(127).lanewise(VectorOperators.LSHL, 23);
      FloatVector exponent = (FloatVector) e.convertShape(VectorOperators.I2F, S, 0);
      FloatVector f = u.fma(power.reinterpretAsFloats(), all(-1));
      f = f.blend(lacks.neg(), near.and(exponent.compare(VectorOperators.EQ, 0)));
      FloatVector t = f.div(f.add(2)), s = t.mul(t);
      FloatVector p = all(L4).fma(s, all(L3)).fma(s, all(L2)).fma(s, all(L1));
      FloatVector ln = exponent.fma(all(LN2), p.mul(s).fma(t, t).mul(2));
      FloatVector r = ln.mul(-2).lanewise(VectorOperators.SQRT);
      // The direction.
      IntVector turn = IntVector.fromArray(I, b, i);
      IntVector quarters = turn.add(1 << 29).lanewise(VectorOperators.LSHR, 30);
      IntVector rest = turn.sub(quarters.lanewise(VectorOperators.LSHL, 30));
      FloatVector angle = ((FloatVector) rest.convertShape(VectorOperators.I2F, S, 0)).mul(TURN);
      s = angle.mul(angle);
      FloatVector sin = all(S4).fma(s, all(S3)).fma(s, all(S2)).fma(s, all(S1));
      sin = sin.mul(s).fma(angle, angle);
      FloatVector cos = all(K4).fma(s, all(K3)).fma(s, all(K2)).fma(s, all(K1)).fma(s, all(1));
      VectorMask<Float> across = quarters.and(1).compare(VectorOperators.EQ, 1).cast(S);
      VectorMask<Float> left = quarters.add(1).and(2).compare(VectorOperators.EQ, 2).cast(S);
      VectorMask<Float> down = quarters.and(2).compare(VectorOperators.EQ, 2).cast(S);
      FloatVector x = cos.blend(sin, across), y = sin.blend(cos, across);
      r.mul(x.blend(x.neg(), left)).intoArray(c, i);
      r.mul(y.blend(y.neg(), down)).intoArray(d, i);
    }
    super.pairs(a, b, c, d, i, n);
  }
}
