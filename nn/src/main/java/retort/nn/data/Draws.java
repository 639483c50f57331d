package retort.nn.data;

/// The random numbers of one view of one sample: a short sequence that is a pure function of (seed,
/// use, epoch, index, view).
///
/// Nothing here depends on what was drawn before for other samples, so any view of any image can be
/// recomputed at any time, on any thread, in any order. `use` keeps the uses apart (shuffling
/// doesn't share numbers with augmentation).
public final class Draws {
  /// What the numbers are for; the ordinal is part of the counter, so the order is fixed for good.
  public enum Use {
    AUGMENT,
    SHUFFLE,
    SPLIT,
    MIX
  }

  private final long seed;
  private final int stream;
  private final int epoch;
  private final int index;
  private final int[] block = new int[4];
  private int drawn;

  public Draws(long seed, Use use, int epoch, int index, int view) {
    if (view < 0 || view >= 1 << 24) {
      throw new IllegalArgumentException("view must be in 0..2^24-1, got " + view);
    }
    this.seed = seed;
    this.stream = use.ordinal() << 24 | view;
    this.epoch = epoch;
    this.index = index;
  }

  /// 32 random bits.
  public int bits() {
    int lane = drawn & 3;
    if (lane == 0) {
      block[0] = drawn >>> 2;
      block[1] = index;
      block[2] = epoch;
      block[3] = stream;
      Philox.encrypt(block, seed);
    }
    drawn++;
    return block[lane];
  }

  /// Uniform in [0, 1), a multiple of 2^-32.
  public double uniform() {
    return (bits() & 0xffffffffL) * 0x1p-32;
  }

  /// Uniform in [low, high).
  public double uniform(double low, double high) {
    return low + (high - low) * uniform();
  }

  /// Uniform in 0..bound-1; the bias of the multiply-and-shift is below bound / 2^32.
  public int below(int bound) {
    return (int) ((bits() & 0xffffffffL) * bound >>> 32);
  }

  public boolean chance(double probability) {
    return uniform() < probability;
  }

  /// Standard normal, by Box and Muller's transform; takes two draws.
  public double normal() {
    double radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  }

  /// Shuffles in place (Fisher and Yates).
  public int[] shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = below(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
    return values;
  }
}
