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
    for (int i = 0; i < BLOCKS; i += LANES) {
      LongVector count = STEPS.add(first + i);
      LongVector c0 = count.and(LOW), c1 = count.lanewise(VectorOperators.LSHR, 32);
      LongVector c2 = LongVector.broadcast(L, draws.stream() & LOW);
      LongVector c3 = LongVector.broadcast(L, draws.stream() >>> 32);
      long k0 = draws.seed() & LOW, k1 = draws.seed() >>> 32;
      for (int round = 0; round < 10; round++) {
        LongVector p0 = c0.and(LOW).mul(M0), p1 = c2.and(LOW).mul(M1);
        c0 =
            p1.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, c1.lanewise(VectorOperators.XOR, k0));
        c2 =
            p0.lanewise(VectorOperators.LSHR, 32)
                .lanewise(VectorOperators.XOR, c3.lanewise(VectorOperators.XOR, k1));
        c1 = p1.and(LOW);
        c3 = p0.and(LOW);
        k0 = k0 + W0 & LOW;
        k1 = k1 + W1 & LOW;
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
