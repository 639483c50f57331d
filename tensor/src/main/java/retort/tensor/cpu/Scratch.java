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

  /// Numbers beyond the end of a large array, to keep the next one out of its way. A load waits for
  /// an earlier store whose physical address ends in the same bits, 20 of them on the Xeon measured
  /// (`AliasBenchmark`): where y begins up to 384 bytes beyond x, but for whole MiB, and both lie
  /// in large pages, a loop from x to y waits for its own stores, up to five times as long. Arrays
  /// of whole MiB, made one after the other, would lie 64 bytes apart so; these lie 1,600, of which
  /// no multiple up to the twelfth is so little more than whole pages of 4 KiB either.
  private static final int APART = 384;

  /// What is large: the smallest arrays that get room beyond their end take a hundredth more
  /// memory.
  private static final int LARGE = 1 << 15;

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

  /// A new array of `n` numbers, and the room that keeps it apart from the next.
  static float[] fresh(int n) {
    return new float[n < LARGE ? n : n + APART];
  }

  /// An array with room for `n` numbers from [#ALIGN] on.
  static float[] take(int n) {
    int bits = Math.max(SMALLEST, 32 - Integer.numberOfLeadingZeros(n + ALIGN - 1));
    synchronized (POOL[bits]) {
      float[] a = POOL[bits].pollFirst();
      if (a != null) return a;
    }
    return fresh(1 << bits);
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
