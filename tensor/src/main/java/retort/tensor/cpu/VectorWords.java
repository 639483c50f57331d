package retort.tensor.cpu;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import retort.tensor.Philox;

/// [Words], a block a lane: Philox 4x32-10 in lanes of 64 bits, for it multiplies 32 bits by 32 and
/// uses both halves of the product.
final class VectorWords extends Words {
  private static final VectorSpecies<Long> L =
      VectorSpecies.of(long.class, Lanes.SPECIES.vectorShape());
  private static final VectorSpecies<Integer> HALF =
      VectorSpecies.of(int.class, VectorShape.forBitSize(L.vectorBitSize() / 2));
  private static final int LANES = L.length();
  private static final long LOW = 0xffffffffL;
  private static final long M0 = 0xD2511F53L, M1 = 0xCD9E8D57L, W0 = 0x9E3779B9L, W1 = 0xBB67AE85L;
  private static final LongVector STEPS = LongVector.zero(L).addIndex(1);

  VectorWords(Philox draws) {
    super(draws);
  }

  @Override
  void draw(long first) {
    // Masked although they are short: so C2 sees that a multiplication of 32 bits by 32 will do.
    LongVector m0 = LongVector.broadcast(L, M0).and(LOW), m1 = LongVector.broadcast(L, M1).and(LOW);
    for (int i = 0; i < BLOCKS; i += LANES) {
      LongVector count = STEPS.add(first + i);
      LongVector c0 = count, c1 = count.lanewise(VectorOperators.LSHR, 32);
      LongVector c2 = LongVector.broadcast(L, draws.stream());
      LongVector c3 = LongVector.broadcast(L, draws.stream() >>> 32);
      // What the upper halves of the lanes hold is masked away by the next multiplication.
      long k0 = draws.seed(), k1 = draws.seed() >>> 32;
      for (int round = 0; round < 10; round++) {
        LongVector p0 = c0.and(LOW).mul(m0), p1 = c2.and(LOW).mul(m1);
        LongVector high0 = p0.lanewise(VectorOperators.LSHR, 32);
        LongVector high1 = p1.lanewise(VectorOperators.LSHR, 32);
        c0 = high1.lanewise(VectorOperators.XOR, c1).lanewise(VectorOperators.XOR, k0);
        c2 = high0.lanewise(VectorOperators.XOR, c3).lanewise(VectorOperators.XOR, k1);
        c1 = p1;
        c3 = p0;
        k0 += W0;
        k1 += W1;
      }
      narrow(c0).intoArray(word[0], i);
      narrow(c1).intoArray(word[1], i);
      narrow(c2).intoArray(word[2], i);
      narrow(c3).intoArray(word[3], i);
    }
  }

  private static IntVector narrow(LongVector v) {
    return (IntVector) v.convertShape(VectorOperators.L2I, HALF, 0);
  }
}
