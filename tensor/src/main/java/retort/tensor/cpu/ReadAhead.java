package retort.tensor.cpu;

/// Reads what a tile is about to read, in order, to bring it into the second-level cache.
///
/// Processors foresee a few streams of addresses without gaps. A tile that takes a little from each
/// of many lines, far apart, gets data from memory or the third-level cache at a half or a third of
/// the speed at which it could be read in order.
final class ReadAhead {
  /// Floats in a cache line.
  private static final int LINE = 16;

  /// What reading came to: nobody wants it, but the compiler must not see that.
  private static int met;

  private ReadAhead() {}

  /// Reads one number of each cache line.
  static void of(float[] a, int from, int to) {
    int all = 0;
    for (int i = from; i < to; i += LINE) all ^= Float.floatToRawIntBits(a[i]);
    met = all;
  }
}
