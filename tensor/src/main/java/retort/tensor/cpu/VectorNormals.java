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

  /// The rows are whole vectors long, so there is no tail.
  @Override
  void pairs(int[] a, int[] b, float[] c, float[] d) {
    radii(a, d);
    directions(b, d, c);
  }

  private static void radii(int[] a, float[] r) {
    for (int i = 0; i < a.length; i += LANES) {
      IntVector word = IntVector.fromArray(I, a, i);
      FloatVector lacks =
          ((FloatVector) word.not().convertShape(VectorOperators.I2F, S, 0)).mul(0x1p-32f);
      FloatVector low =
          ((FloatVector) word.convertShape(VectorOperators.I2F, S, 0)).add(1).mul(0x1p-32f);
      // Above 1/2 a word is negative, and what it lacks of 1 not; below, the other way round.
      VectorMask<Float> near = lacks.compare(VectorOperators.GE, 0);
      FloatVector u = low.blend(all(1).sub(lacks), near);
      IntVector e = u.reinterpretAsInts().sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 23);
      IntVector power = e.neg().add(127).lanewise(VectorOperators.LSHL, 23);
      FloatVector exponent = (FloatVector) e.convertShape(VectorOperators.I2F, S, 0);
      FloatVector f = u.fma(power.reinterpretAsFloats(), all(-1));
      f = f.blend(lacks.neg(), near.and(exponent.compare(VectorOperators.EQ, 0)));
      FloatVector t = f.div(f.add(2)), s = t.mul(t);
      FloatVector p = all(L4).fma(s, all(L3)).fma(s, all(L2)).fma(s, all(L1));
      FloatVector ln = exponent.fma(all(LN2), p.mul(s).fma(t, t).mul(2));
      ln.mul(-2).lanewise(VectorOperators.SQRT).intoArray(r, i);
    }
  }

  /// Reads the radii in d.
  private static void directions(int[] b, float[] d, float[] c) {
    for (int i = 0; i < b.length; i += LANES) {
      IntVector turn = IntVector.fromArray(I, b, i);
      IntVector quarters = turn.add(1 << 29).lanewise(VectorOperators.LSHR, 30);
      IntVector rest = turn.sub(quarters.lanewise(VectorOperators.LSHL, 30));
      FloatVector angle = ((FloatVector) rest.convertShape(VectorOperators.I2F, S, 0)).mul(TURN);
      FloatVector s = angle.mul(angle), r = FloatVector.fromArray(S, d, i);
      FloatVector sin = all(S4).fma(s, all(S3)).fma(s, all(S2)).fma(s, all(S1));
      sin = sin.mul(s).fma(angle, angle);
      FloatVector cos = all(K4).fma(s, all(K3)).fma(s, all(K2)).fma(s, all(K1)).fma(s, all(1));
      // Quarter turns as numbers, for a float mask wants a float comparison.
      FloatVector q = (FloatVector) quarters.convertShape(VectorOperators.I2F, S, 0);
      FloatVector odd = (FloatVector) quarters.and(1).convertShape(VectorOperators.I2F, S, 0);
      VectorMask<Float> across = odd.compare(VectorOperators.EQ, 1);
      FloatVector x = cos.blend(sin, across), y = sin.blend(cos, across);
      FloatVector middle = q.sub(1.5f).abs(); // 1/2 for the quarters whose cosine is negative
      r.mul(x.blend(x.neg(), middle.compare(VectorOperators.LT, 1))).intoArray(c, i);
      r.mul(y.blend(y.neg(), q.compare(VectorOperators.GT, 1.5f))).intoArray(d, i);
    }
  }
}
