package retort.tensor;

/// Counter-based random numbers: Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy
/// as 1, 2, 3", SC 2011). Draw `i` depends on (seed, stream, i) alone, never on the device, the
/// number of threads or what was drawn before, so a resumed run and a recomputed view of an image
/// are exact.
///
/// @param seed the key: one run has one seed
/// @param stream which use of the run's randomness: the draws of different streams are independent
public record Philox(long seed, long stream) {
  private static final int M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;
  private static final double INV_2_32 = 0x1p-32;

  /// A stream of its own for each (purpose, number), such as ("shuffle", epoch).
  public static Philox of(long seed, String purpose, long... numbers) {
    long h = 0xcbf29ce484222325L; // FNV-1a, then a SplitMix64 finish a number
    for (int i = 0; i < purpose.length(); i++) h = (h ^ purpose.charAt(i)) * 0x100000001b3L;
    for (long n : numbers) h = mix(h + 0x9E3779B97F4A7C15L + n);
    return new Philox(seed, mix(h));
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// Four random words: block `b` holds draws 4b to 4b + 3.
  public void block(long b, int[] out) {
    int c0 = (int) b, c1 = (int) (b >>> 32), c2 = (int) stream, c3 = (int) (stream >>> 32);
    int k0 = (int) seed, k1 = (int) (seed >>> 32);
    for (int round = 0; round < 10; round++, k0 += W0, k1 += W1) {
      long p0 = (M0 & 0xffffffffL) * (c0 & 0xffffffffL);
      long p1 = (M1 & 0xffffffffL) * (c2 & 0xffffffffL);
      int n0 = (int) (p1 >>> 32) ^ c1 ^ k0, n2 = (int) (p0 >>> 32) ^ c3 ^ k1;
      c1 = (int) p1;
      c3 = (int) p0;
      c0 = n0;
      c2 = n2;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
  }

  /// Draw `i` as 32 random bits.
  public int bits(long i) {
    int[] w = new int[4];
    block(i >> 2, w);
    return w[(int) (i & 3)];
  }

  /// Draw `i`, uniform on [0, 1).
  public double uniform(long i) {
    return unit(bits(i));
  }

  /// Draw `i`, a whole number from 0 to `bound` - 1.
  public int below(long i, int bound) {
    if (bound <= 0)
      throw new IllegalArgumentException("below: the bound must be positive, got " + bound);
    return (int) (((bits(i) & 0xffffffffL) * bound) >>> 32);
  }

  /// Draw `i`, standard normal: Box and Muller on the words of a pair.
  public double normal(long i) {
    int[] w = new int[4];
    block(i >> 2, w);
    int pair = (int) (i & 2);
    return (i & 1) == 0 ? normalCos(w[pair], w[pair + 1]) : normalSin(w[pair], w[pair + 1]);
  }

  /// A random order of 0 to n - 1 (Fisher and Yates).
  public int[] permutation(int n) {
    int[] p = new int[n];
    for (int i = 0; i < n; i++) {
      int j = below(i, i + 1);
      p[i] = p[j];
      p[j] = i;
    }
    return p;
  }

  /// A word as a number on [0, 1).
  public static double unit(int word) {
    return (word & 0xffffffffL) * INV_2_32;
  }

  /// The first normal of a pair of words.
  public static double normalCos(int a, int b) {
    return radius(a) * Math.cos(2 * Math.PI * unit(b));
  }

  /// The second normal of a pair of words.
  public static double normalSin(int a, int b) {
    return radius(a) * Math.sin(2 * Math.PI * unit(b));
  }

  private static double radius(int word) {
    return Math.sqrt(-2 * Math.log(((word & 0xffffffffL) + 1) * INV_2_32)); // (0, 1]: never log 0
  }
}
