package retort.tensor.cpu;

/// exp, tanh and the normal distribution in float32, from additions, multiplications and divisions
/// alone: so a number has the same bits in a vector ([VectorMaps] is this file in vectors), in the
/// tail behind it, in the interpreter and compiled. The vector library's own functions promise
/// neither.
///
/// The polynomials are minimax fits in relative error; each result is within 3e-7 of the true one,
/// relative to it, even where it is small; the normal distribution's within 5e-7, and what half a
/// rounding of x makes. What would be smaller than 1.7e-38 is 0.
final class FloatMath {
  static final float LOG2_E = 1.4426950408889634f;

  static final float LOG2_E_LOW = (float) (1.4426950408889634 - LOG2_E);

  /// Added to a number it leaves the nearest whole number n in the last bits, and 126 more: shifted
  /// to the exponent's place these are 2^(n-1).
  static final float ROUNDER = 0x1.8p23f + 126;

  static final int EXPONENT = 23;

  /// The bits of [#ROUNDER] + 128: beyond it e^x is infinity.
  static final int MOST_BITS = Float.floatToRawIntBits(ROUNDER) + 128;

  /// From here on down n is -126, and 2^(n-1) comes out as 0.
  static final float EXP_LEAST = -87.5f;

  /// 2^(f + 1) for |f| up to 1/2, the first coefficient being 2; relative error 3e-9.
  static final float E1 = 1.3862944f;

  static final float E2 = 0.48045295f;
  static final float E3 = 0.1110072f;
  static final float E4 = 0.019237012f;
  static final float E5 = 0.0026781624f;
  static final float E6 = 0.00030652987f;

  /// Up to here tanh is a polynomial, for further out 1 - 2 / (e^2x + 1) loses nothing.
  static final float TANH_NEAR = 0.625f;

  /// (tanh x / x - 1) / x^2 in x^2; error 4e-12 of tanh.
  static final float T1 = -0.33333284f;

  static final float T2 = 0.13331485f;
  static final float T3 = -0.05374291f;
  static final float T4 = 0.020648565f;
  static final float T5 = -0.0057146787f;

  /// Beyond it the normal distribution's tail is 0.
  static final float CDF_MOST = 13.2f;

  static final int CDF_MOST_BITS = Float.floatToRawIntBits(CDF_MOST);

  /// e^(-x^2 / 2) = 2^(BELL x^2)
  static final float BELL = -LOG2_E / 2;

  /// The tail below -a over e^(-a^2 / 2) is t (C0 + C1 t + ...) with t = 1 / (1 + TAIL a), for a up
  /// to 13.4; relative error 1.4e-8.
  static final float TAIL = 0.21f;

  static final float C0 = 0.08370689f;
  static final float C1 = 0.085142f;
  static final float C2 = 0.06870679f;
  static final float C3 = 0.1266609f;
  static final float C4 = -0.09792855f;
  static final float C5 = 0.35498422f;
  static final float C6 = -0.33499613f;
  static final float C7 = 0.28583515f;
  static final float C8 = -0.07211127f;

  static final float INV_SQRT_2PI = 0.3989423f;

  static final float GATE = (float) (2 * Math.sqrt(2 / Math.PI));

  static final float GATE_CUBE = 0.044715f;

  /// e / (1 + e) is 1 for it and all beyond, infinity among them.
  static final float NEARLY_INFINITE = 1e37f;

  private FloatMath() {}

  /// e^x = 2^(n-1) 2^(f+1) with n whole and |f| at most 1/2.
  static float exp(float x) {
    x = x < EXP_LEAST ? EXP_LEAST : x;
    int n = Math.min(Float.floatToRawIntBits(Math.fma(x, LOG2_E, ROUNDER)), MOST_BITS);
    float f = Math.fma(x, LOG2_E, ROUNDER - Float.intBitsToFloat(n));
    return power(n, Math.fma(x, LOG2_E_LOW, f));
  }

  /// 2^(n-1) 2^(f+1), n as [#ROUNDER] leaves it.
  private static float power(int n, float f) {
    float p = Math.fma(Math.fma(Math.fma(E6, f, E5), f, E4), f, E3);
    p = Math.fma(Math.fma(Math.fma(p, f, E2), f, E1), f, 2);
    return p * Float.intBitsToFloat(n << EXPONENT);
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

  /// e^(-x^2 / 2); the rounding of the square does less than half a rounding of x would.
  static float bell(float x) {
    float a = Math.min(Math.abs(x), CDF_MOST), square = a * a;
    float shifted = Math.fma(square, BELL, ROUNDER);
    return power(Float.floatToRawIntBits(shifted), Math.fma(square, BELL, ROUNDER - shifted));
  }

  /// The normal distribution's cumulative probability up to x, given its [#bell].
  static float normalCdf(float x, float bell) {
    float a = Math.min(Math.abs(x), CDF_MOST), t = 1 / Math.fma(a, TAIL, 1);
    float p = Math.fma(Math.fma(Math.fma(Math.fma(C8, t, C7), t, C6), t, C5), t, C4);
    p = Math.fma(Math.fma(Math.fma(Math.fma(p, t, C3), t, C2), t, C1), t, C0);
    float tail = bell * t * p;
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
