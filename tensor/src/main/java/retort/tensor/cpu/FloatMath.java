package retort.tensor.cpu;

/// exp, tanh and the normal distribution in float32, from additions, multiplications and divisions
/// alone: so a number has the same bits in a vector ([VectorMaps] is this file in vectors), in the
/// tail behind it, in the interpreter and compiled. The vector library's own functions promise
/// neither.
///
/// The polynomials are minimax fits in relative error; each result is within 3e-7 of the true one,
/// relative to it, even where it is tiny.
final class FloatMath {
  static final float LOG2_E = 1.4426950408889634f;

  /// ln 2 in two parts; the first has zeros at its end, so that a whole multiple of it is exact.
  static final float LN2_HIGH = 0x1.62e4p-1f;

  static final float LN2_LOW = (float) (0.6931471805599453 - 0x1.62e4p-1);

  /// Added to a number below 2^22 it leaves the nearest whole number in the last bits.
  static final float ROUNDER = 0x1.8p23f;

  /// Beyond these exp is 0 and infinity.
  static final float EXP_LEAST = -104;

  static final float EXP_MOST = 89;

  /// (e^r - 1 - r) / r^2 for |r| up to ln 2 / 2; error 3e-9 of e^r.
  static final float E2 = 0.5f;

  static final float E3 = 0.16666518f;
  static final float E4 = 0.041666206f;
  static final float E5 = 0.00836889f;
  static final float E6 = 0.001395049f;

  /// Up to here tanh is a polynomial, for further out 1 - 2 / (e^2x + 1) loses nothing.
  static final float TANH_NEAR = 0.625f;

  /// (tanh x / x - 1) / x^2 in x^2; error 4e-12 of tanh.
  static final float T1 = -0.33333284f;

  static final float T2 = 0.13331485f;
  static final float T3 = -0.05374291f;
  static final float T4 = 0.020648565f;
  static final float T5 = -0.0057146787f;

  /// Beyond it the normal distribution's tail is below the smallest float.
  static final float CDF_MOST = 16;

  /// e^(z^2) erfc(z) / t in t = 1 / (1 + z / 2), for z from 0 to 16 / sqrt 2; relative error 3e-8.
  static final float C0 = 0.28207222f;

  static final float C1 = 0.28269222f;
  static final float C2 = 0.24013302f;
  static final float C3 = 0.21808241f;
  static final float C4 = -0.075379334f;
  static final float C5 = 0.37625194f;
  static final float C6 = -0.61342704f;
  static final float C7 = 0.38484487f;
  static final float C8 = -0.10388639f;
  static final float C9 = 0.008616109f;

  /// z / 2 = |x| / (2 sqrt 2).
  static final float HALF_Z = 0.35355338f;

  static final float INV_SQRT_2PI = 0.3989423f;

  static final float GATE = (float) (2 * Math.sqrt(2 / Math.PI));

  static final float GATE_CUBE = 0.044715f;

  /// e / (1 + e) is 1 for it and all beyond, infinity among them.
  static final float NEARLY_INFINITE = 1e37f;

  private FloatMath() {}

  /// e^x = 2^n e^r with n whole and |r| at most ln 2 / 2. 2^n is applied in two halves, so that
  /// results from the smallest to the largest float come out right.
  static float exp(float x) {
    x = x < EXP_LEAST ? EXP_LEAST : x > EXP_MOST ? EXP_MOST : x;
    float shifted = Math.fma(x, LOG2_E, ROUNDER), n = shifted - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(Math.fma(Math.fma(Math.fma(E6, r, E5), r, E4), r, E3), r, E2);
    p = Math.fma(p, r * r, r) + 1;
    int whole = Float.floatToRawIntBits(shifted) - Float.floatToRawIntBits(ROUNDER);
    int half = whole >> 1;
    return p * power(half) * power(whole - half);
  }

  /// 2^n.
  private static float power(int n) {
    return Float.intBitsToFloat((n + 127) << 23);
  }

  static float sigmoid(float x) {
    return 1 / (1 + exp(-x));
  }

  static float tanh(float x) {
    if (Math.abs(x) < TANH_NEAR) {
      float s = x * x;
      float p = Math.fma(Math.fma(Math.fma(Math.fma(T5, s, T4), s, T3), s, T2), s, T1);
      return Math.fma(p * s, x, x);
    }
    return 1 - 2 / (1 + exp(x * 2));
  }

  /// e^(-x^2 / 2), the rounding of the square made good.
  static float bell(float x) {
    float a = Math.min(Math.abs(x), CDF_MOST), half = 0.5f * a, square = half * a;
    return exp(-square) * (1 - Math.fma(half, a, -square));
  }

  /// The normal distribution's cumulative probability up to x, given its [#bell].
  static float normalCdf(float x, float bell) {
    float a = Math.min(Math.abs(x), CDF_MOST), t = 1 / Math.fma(a, HALF_Z, 1);
    float p = Math.fma(Math.fma(Math.fma(Math.fma(C9, t, C8), t, C7), t, C6), t, C5);
    p = Math.fma(Math.fma(Math.fma(Math.fma(Math.fma(p, t, C4), t, C3), t, C2), t, C1), t, C0);
    float tail = 0.5f * bell * t * p;
    return x < 0 ? tail : 1 - tail;
  }

  /// GELU's tanh form is x / (1 + e^-v) with v twice the tanh's argument, sqrt(2 / pi) (x +
  /// 0.044715 x^3); so written, it doesn't cancel where it is small.
  static float geluGate(float x) {
    return GATE * x * Math.fma(GATE_CUBE, x * x, 1);
  }

  static float geluGateSlope(float x) {
    return GATE * Math.fma(3 * GATE_CUBE, x * x, 1);
  }
}
