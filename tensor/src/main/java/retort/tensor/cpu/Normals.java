package retort.tensor.cpu;

/// Pairs of normal draws by the method of Box and Muller, as [retort.tensor.Philox] defines them,
/// in float32: the logarithm of a number near 1 is taken from what it lacks of 1, and angles are
/// reduced as whole words, so that every draw is within 1e-6 of the exact one. [VectorNormals]
/// gives the same bits.
class Normals {
  static final Normals NORMALS = Simd.ON ? new VectorNormals() : new Normals();

  static final float TURN = (float) (2 * Math.PI * 0x1p-32);
  static final float LN2 = (float) Math.log(2);

  /// The bits of sqrt(1/2), where a logarithm's range begins.
  static final int ROOT_HALF = 0x3f3504f3;

  /// artanh(t) / t - 1 in t^2, for |t| up to (sqrt 2 - 1) / (sqrt 2 + 1); error 5e-12.
  static final float L1 = 0.3333333f;

  static final float L2 = 0.20000169f;
  static final float L3 = 0.14268619f;
  static final float L4 = 0.11791786f;

  /// (sin x / x - 1) / x^2 in x^2, up to an eighth of a turn; error 5e-12.
  static final float S1 = -0.16666667f;

  static final float S2 = 0.0083333293f;
  static final float S3 = -0.00019839331f;
  static final float S4 = 2.7182744e-6f;

  /// (cos x - 1) / x^2 in x^2, up to an eighth of a turn; error 6e-11.
  static final float K1 = -0.5f;

  static final float K2 = 0.041666623f;
  static final float K3 = -0.001388676f;
  static final float K4 = 2.439004e-5f;

  /// The normals of pairs of words, one of each in a and one in b, into c (by cosine) and d (by
  /// sine).
  void pairs(int[] a, int[] b, float[] c, float[] d) {
    for (int i = 0; i < a.length; i++) {
      float r = radius(a[i]);
      int quarters = (b[i] + (1 << 29)) >>> 30; // to the nearest quarter turn
      float angle = (b[i] - (quarters << 30)) * TURN, s = angle * angle;
      float sin = Math.fma(Math.fma(Math.fma(S4, s, S3), s, S2), s, S1);
      sin = Math.fma(sin * s, angle, angle);
      float cos = Math.fma(Math.fma(Math.fma(Math.fma(K4, s, K3), s, K2), s, K1), s, 1);
      boolean across = (quarters & 1) != 0;
      float x = across ? sin : cos, y = across ? cos : sin;
      c[i] = r * (quarters == 1 || quarters == 2 ? -x : x);
      d[i] = r * (quarters >= 2 ? -y : y);
    }
  }

  /// sqrt(-2 ln u), u = (word + 1) / 2^32.
  private static float radius(int word) {
    boolean near = word < 0; // u above 1/2
    float lacks = ~word * 0x1p-32f; // of 1
    float u = near ? 1 - lacks : ((float) word + 1) * 0x1p-32f;
    // u = 2^e m with m from sqrt(1/2) to sqrt 2; f = m - 1 without a rounding where u is near 1.
    int e = (Float.floatToRawIntBits(u) - ROOT_HALF) >> 23;
    float scale = Float.intBitsToFloat((127 - e) << 23);
    float f = near && e == 0 ? -lacks : Math.fma(u, scale, -1);
    float t = f / (2 + f), s = t * t;
    float p = Math.fma(Math.fma(Math.fma(L4, s, L3), s, L2), s, L1);
    float ln = Math.fma(e, LN2, 2 * Math.fma(p * s, t, t));
    return (float) Math.sqrt(-2 * ln);
  }
}
