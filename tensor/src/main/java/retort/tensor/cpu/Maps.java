package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import retort.tensor.Unary;

/// Functions of one number, and their slopes, over runs. Plain loops, for the reasons given in
/// [Runs]; [VectorMaps] has the functions that training runs hot.
class Maps {
  static final Maps MAPS = Simd.ON ? new VectorMaps() : new Maps();

  /// y = f(x; a, b)
  void value(Unary f, float a, float b, float[] x, int xo, float[] y, int yo, int n) {
    switch (f) {
      case AFFINE -> RUNS.affine(0, x, xo, a, b, y, yo, n);
      case SQUARE -> RUNS.scaled(0, x, xo, x, xo, y, yo, n);
      default -> {
        for (int i = 0; i < n; i++) y[yo + i] = value(f, a, b, x[xo + i]);
      }
    }
  }

  private static float value(Unary f, float a, float b, float x) {
    return switch (f) {
      case POW -> (float) Math.pow(x, a);
      case SQRT -> (float) Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case EXP -> FloatMath.exp(x);
      case LOG -> (float) Math.log(x);
      case ABS -> Math.abs(x);
      case SIN -> (float) Math.sin(x);
      case COS -> (float) Math.cos(x);
      case RELU -> x <= 0 ? 0 : x;
      case LEAKY_RELU -> x > 0 ? x : a * x;
      case CLAMP -> Math.min(Math.max(x, a), b);
      case SIGMOID -> FloatMath.sigmoid(x);
      case TANH -> FloatMath.tanh(x);
      case SILU -> x / (1 + FloatMath.exp(-x));
      case GELU -> x * FloatMath.normalCdf(x, FloatMath.bell(x));
      case GELU_TANH -> x / (1 + FloatMath.exp(-FloatMath.geluGate(x)));
      case HARD_SWISH -> x * (Math.min(Math.max(x + 3, 0f), 6f) / 6);
      case SOFTPLUS -> (float) (Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))));
      default -> throw new AssertionError(f + " has a loop of its own");
    };
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
      case AFFINE -> RUNS.affine(0, dy, dyo, a, 0, dx, dxo, n);
      case EXP -> RUNS.scaled(0, s, so, dy, dyo, dx, dxo, n);
      default -> {
        for (int i = 0; i < n; i++) dx[dxo + i] = dy[dyo + i] * slope(f, a, b, s[so + i]);
      }
    }
  }

  private static float slope(Unary f, float a, float b, float s) {
    return switch (f) {
      case POW -> a == 0 ? 0 : (float) (a * Math.pow(s, a - 1.0));
      case SQUARE -> s + s;
      case SQRT -> 0.5f / s;
      case RECIPROCAL -> -s * s;
      case LOG -> 1 / s;
      case ABS -> Math.signum(s);
      case SIN -> (float) Math.cos(s);
      case COS -> (float) -Math.sin(s);
      case RELU -> s > 0 ? 1 : 0;
      case LEAKY_RELU -> s > 0 ? 1 : a;
      case SIGMOID -> s * (1 - s);
      case TANH -> 1 - s * s;
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
        float e = FloatMath.exp(-FloatMath.geluGate(s)), p = 1 / (1 + e);
        float q = Math.min(e, FloatMath.NEARLY_INFINITE) * p; // 1 - p would cancel
        yield p * Math.fma(s * q, FloatMath.geluGateSlope(s), 1);
      }
      case HARD_SWISH -> s <= -3 ? 0 : s >= 3 ? 1 : (2 * s + 3) / 6;
      case SOFTPLUS -> FloatMath.sigmoid(s);
      default -> throw new AssertionError(f + " has a loop of its own");
    };
  }

  /// y = e^(p + x), and the sum of all y
  double expSum(float p, float[] x, int xo, float[] y, int yo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += y[yo + i] = FloatMath.exp(p + x[xo + i]);
    return sum;
  }
}
