package retort.nn.data;

/// Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): 128
/// random bits as a pure function of a 128-bit counter and a 64-bit key.
final class Philox {
  private Philox() {}

  /// Encrypts the counter in place.
  static void encrypt(int[] counter, long key) {
    int k0 = (int) key;
    int k1 = (int) (key >>> 32);
    for (int round = 0; round < 10; round++) {
      long p0 = (counter[0] & 0xffffffffL) * 0xD2511F53L;
      long p1 = (counter[2] & 0xffffffffL) * 0xCD9E8D57L;
      counter[0] = (int) (p1 >>> 32) ^ counter[1] ^ k0;
      counter[1] = (int) p1;
      counter[2] = (int) (p0 >>> 32) ^ counter[3] ^ k1;
      counter[3] = (int) p0;
      k0 += 0x9E3779B9;
      k1 += 0xBB67AE85;
    }
  }
}
