package retort.tensor.cpu;

import java.util.ArrayDeque;

/// Working memory of the kernels, kept for the next call: a steady training step allocates none.
/// What an array holds when taken is whatever its last user left.
final class Scratch {
  /// Arrays come in powers of two. The smallest is 1 MiB: a handful of them serves all small needs.
  private static final int SMALLEST = 18;

  /// Where to begin in an array: 12 numbers after the 16 bytes of its head a cache line begins,
  /// where objects do (`-XX:ObjectAlignmentInBytes=64`). Winograd's convolutions are a third faster
  /// so.
  static final int ALIGN = 12;

  private static final ArrayDeque<float[]>[] POOL = pool();

  /// Doubles, for sums that combine parts, also come in powers of two; these have no need to align.
  private static final ArrayDeque<double[]>[] DOUBLES = pool();

  private static final int FEWEST_DOUBLES = 10;

  private Scratch() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <A> ArrayDeque<A>[] pool() {
    ArrayDeque[] pool = new ArrayDeque[32];
    for (int i = 0; i < pool.length; i++) pool[i] = new ArrayDeque<A>();
    return pool;
  }

  /// An array with room for `n` numbers from [#ALIGN] on.
  static float[] take(int n) {
    int bits = Math.max(SMALLEST, 32 - Integer.numberOfLeadingZeros(n + ALIGN - 1));
    synchronized (POOL[bits]) {
      float[] a = POOL[bits].pollFirst();
      if (a != null) return a;
    }
    return new float[1 << bits];
  }

  static void give(float[] a) {
    int bits = 31 - Integer.numberOfLeadingZeros(a.length);
    synchronized (POOL[bits]) {
      POOL[bits].addFirst(a);
    }
  }

  /// An array with room for `n` doubles.
  static double[] takeDoubles(int n) {
    int bits = Math.max(FEWEST_DOUBLES, 32 - Integer.numberOfLeadingZeros(Math.max(1, n) - 1));
    synchronized (DOUBLES[bits]) {
      double[] a = DOUBLES[bits].pollFirst();
      if (a != null) return a;
    }
    return new double[1 << bits];
  }

  static void give(double[] a) {
    int bits = 31 - Integer.numberOfLeadingZeros(a.length);
    synchronized (DOUBLES[bits]) {
      DOUBLES[bits].addFirst(a);
    }
  }
}
