package retort.tensor.cpu;

import retort.tensor.Unary;

/// Functions of one number, and their slopes, over runs. Plain loops, for the reasons given in
/// [Runs]; [VectorMaps] has the functions that training runs hot.
class Maps {
  static final Maps MAPS = Simd.ON ? new VectorMaps() : new Maps();

  private static final float GELU_A = (float) Math.sqrt(2 / Math.PI);
  private static final float GELU_B = 0.044715f;

  /// y = f(x; a, b)
  void value(Unary f, float a, float b, float[] x, int xo, float[] y, int yo, int n) {
    switch (f) { // loops that C2 vectorises
      case AFFINE -> Runs.affine(a, x, xo, b, y, yo, n);
      case SQUARE -> Runs.multiply(x, xo, x, xo, y, yo, n);
      case SQRT -> {
        for (int i = 0; i < n; i++) y[yo + i] = (float) Math.sqrt(x[xo + i]);
      }
      case RECIPROCAL -> {
        for (int i = 0; i < n; i++) y[yo + i] = 1 / x[xo + i];
      }
      case ABS -> {
        for (int i = 0; i < n; i++) y[yo + i] = Math.abs(x[xo + i]);
      }
      case CLAMP -> {
        for (int i = 0; i < n; i++) y[yo + i] = Math.min(Math.max(x[xo + i], a), b);
      }
      case HARD_SWISH -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = x[xo + i] * (Math.min(Math.max(x[xo + i] + 3, 0f), 6f) / 6);
        }
      }
      default -> {
        for (int i = 0; i < n; i++) y[yo + i] = value(f, a, x[xo + i]);
      }
    }
  }

  private static float value(Unary f, float a, float x) {
    return switch (f) {
      case POW -> (float) Math.pow(x, a);
      case EXP -> FloatMath.exp(x);
      case LOG -> (float) Math.log(x);
      case SIN -> (float) Math.sin(x);
      case COS -> (float) Math.cos(x);
      case RELU -> x <= 0 ? 0 : x;
      case LEAKY_RELU -> x > 0 ? x : a * x;
      case SIGMOID -> FloatMath.sigmoid(x);
      case TANH -> FloatMath.tanh(x);
      case SILU -> x / (1 + FloatMath.exp(-x));
      case GELU -> x * FloatMath.normalCdf(x, FloatMath.bell(x));
      case GELU_TANH -> x * FloatMath.sigmoid(2 * geluInner(x)); // (1 + tanh u) / 2
      case SOFTPLUS -> (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
      default -> throw new AssertionError(f + " has a loop of its own");
    };
  }

  /// sqrt(2 / pi) (x + 0.044715 x^3)
  private static float geluInner(float x) {
    return GELU_A * (x + GELU_B * x * x * x);
  }

  /// dx = dy f'(s), where s is x, or y where the slope is written in y.
  void slope(
      Unary f,
      float a,
      float b,
      float[] s,
      int so,
      float[] dy,
      int dyo,
      float[] dx,
      int dxo,
      int n) {
    switch (f) {
      case AFFINE -> Runs.affine(a, dy, dyo, 0, dx, dxo, n);
      case SQUARE -> {
        for (int i = 0; i < n; i++) dx[dxo + i] = dy[dyo + i] * (s[so + i] + s[so + i]);
      }
      case EXP -> Runs.multiply(s, so, dy, dyo, dx, dxo, n);
      case SIGMOID -> {
        for (int i = 0; i < n; i++) dx[dxo + i] = dy[dyo + i] * (s[so + i] * (1 - s[so + i]));
      }
      case TANH -> {
        for (int i = 0; i < n; i++) dx[dxo + i] = dy[dyo + i] * (1 - s[so + i] * s[so + i]);
      }
      default -> {
        for (int i = 0; i < n; i++) dx[dxo + i] = dy[dyo + i] * slope(f, a, b, s[so + i]);
      }
    }
  }

  private static float slope(Unary f, float a, float b, float s) {
    return switch (f) {
      case POW -> a == 0 ? 0 : (float) (a * Math.pow(s, a - 1.0));
      case SQRT -> 0.5f / s;
      case RECIPROCAL -> -s * s;
      case LOG -> 1 / s;
      case ABS -> Math.signum(s);
      case SIN -> (float) Math.cos(s);
      case COS -> (float) -Math.sin(s);
      case RELU -> s > 0 ? 1 : 0;
      case LEAKY_RELU -> s > 0 ? 1 : a;
      case CLAMP -> s >= a && s <= b ? 1 : 0;
      case SILU -> {
        float p = FloatMath.sigmoid(s);
        yield p * Math.fma(s, 1 - p, 1);
      }
      case GELU -> {
        float bell = FloatMath.bell(s);
        yield Math.fma(s * FloatMath.INV_SQRT_2PI, bell, FloatMath.normalCdf(s, bell));
      }
      case GELU_TANH -> {
        float v = 2 * geluInner(s), dv = 2 * GELU_A * (1 + 3 * GELU_B * s * s);
        yield FloatMath.sigmoid(v) * (1 + s * FloatMath.sigmoid(-v) * dv); // 1 - p would cancel
      }
      case HARD_SWISH -> s <= -3 ? 0 : s >= 3 ? 1 : (2 * s + 3) / 6;
      case SOFTPLUS -> FloatMath.sigmoid(s);
      default -> throw new AssertionError(f + " has a loop of its own");
    };
  }

  /// y = e^(x - shift)
  void expMinus(float shift, float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = FloatMath.exp(x[xo + i] - shift);
  }
}
