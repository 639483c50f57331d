package retort.tensor.cpu;

/// Pairs of normal draws by the method of Box and Muller, as [retort.tensor.Philox] defines them,
/// but with polynomials short enough for float32 results. They run in double precision, in which a
/// uniform word of 32 bits is exact and no end of the range needs care.
final class Normals {
  private static final double TURN = 2 * Math.PI * 0x1p-32;
  private static final double LN2 = Math.log(2);
  private static final double SQRT2 = Math.sqrt(2);

  private Normals() {}

  /// The normals of a pair of words, into y at two places.
  static void pair(int a, int b, float[] y, int at) {
    double r = Math.sqrt(-2 * ln(((a & 0xffffffffL) + 1) * 0x1p-32));
    int quarters = (b + (1 << 29)) >>> 30; // to the nearest quarter turn
    double angle = (b - (quarters << 30)) * TURN, s = angle * angle;
    double sin = r * (angle + angle * s * sinTail(s)), cos = r * (1 + s * cosTail(s));
    boolean across = (quarters & 1) != 0;
    double c = across ? sin : cos, d = across ? cos : sin;
    y[at] = (float) (quarters == 1 || quarters == 2 ? -c : c);
    y[at + 1] = (float) (quarters >= 2 ? -d : d);
  }

  /// The logarithm of a number from 2^-32 to 1: ln 2^e m = e ln 2 + 2 artanh((m - 1) / (m + 1)).
  private static double ln(double u) {
    long bits = Double.doubleToRawLongBits(u);
    int e = (int) (bits >>> 52) - 1023;
    double m = Double.longBitsToDouble((bits & 0xfffffffffffffL) | 0x3ff0000000000000L);
    if (m > SQRT2) {
      m *= 0.5;
      e++;
    }
    double t = (m - 1) / (m + 1), s = t * t;
    double p = 0.22176098756612247 + s * 0.19585533442818256;
    p = 0.6666666667584676 + s * (0.39999995604554817 + s * (0.2857211115605334 + s * p));
    return e * LN2 + t * (2 + s * p);
  }

  /// (sin x / x - 1) / x^2 in x^2, up to an eighth of a turn; error 5e-12.
  private static double sinTail(double s) {
    return -0.166666666415264
        + s * (0.008333329374083803 + s * (-0.00019839330987370956 + s * 2.71827439745699e-06));
  }

  /// (cos x - 1) / x^2 in x^2, up to an eighth of a turn; error 6e-11.
  private static double cosTail(double s) {
    return -0.49999999724004535
        + s * (0.041666623194186375 + s * (-0.0013886759550942374 + s * 2.4390041679004708e-05));
  }
}
