package retort.tensor.cpu;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The constants of [TurnTile]: lanes exchanged with those whose number differs in one bit, and the
/// lanes that have the bit. C2 makes fast code only of those it sees as constants, each a field.
final class Exchange {
  private static final VectorSpecies<Float> S = Lanes.SPECIES;
  static final VectorShuffle<Float> FLIP_1 = flip(1), FLIP_2 = flip(2);
  static final VectorShuffle<Float> FLIP_4 = flip(4), FLIP_8 = flip(8);
  static final VectorMask<Float> HAVE_1 = have(1), HAVE_2 = have(2);
  static final VectorMask<Float> HAVE_4 = have(4), HAVE_8 = have(8);

  private Exchange() {}

  private static VectorShuffle<Float> flip(int bit) {
    return VectorShuffle.fromOp(S, lane -> (lane ^ bit) % S.length());
  }

  private static VectorMask<Float> have(int bit) {
    long lanes = 0;
    for (int i = 0; i < S.length(); i++) if ((i & bit) != 0) lanes |= 1L << i;
    return VectorMask.fromLong(S, lanes);
  }
}
