package retort.tensor.cpu;

import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// Functions of one and of two numbers.
interface Elementwise extends Kernels {
  @Override
  default void unary(Unary f, double a, double b, Span x, Span y) {
    View in = View.of(x), out = View.of(y);
    for (int i = 0; i < y.size(); i++) out.set(i, value(f, a, b, in.get(i)));
  }

  @Override
  default void unaryGrad(Unary f, double a, double b, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    View in = View.of(x), out = View.of(y), d = View.of(dy), to = View.of(dx);
    for (int i = 0; i < dy.size(); i++) {
      double slope =
          f == Unary.AFFINE
              ? a
              : f.slopeFromOutput() ? slopeFromOutput(f, out.get(i)) : slope(f, a, b, in.get(i));
      to.land(i, d.get(i) * slope);
    }
  }

  private static double value(Unary f, double a, double b, double x) {
    return switch (f) {
      case AFFINE -> a * x + b;
      case POW -> Math.pow(x, a);
      case SQUARE -> x * x;
      case SQRT -> Math.sqrt(x);
      case RECIPROCAL -> 1 / x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case ABS -> Math.abs(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case RELU -> x > 0 || Double.isNaN(x) ? x : 0;
      case LEAKY_RELU -> x > 0 ? x : a * x;
      case CLAMP -> Math.min(Math.max(x, a), b);
      case SIGMOID -> sigmoid(x);
      case TANH -> Math.tanh(x);
      case SILU -> x * sigmoid(x);
      case GELU -> x * Erf.normalCdf(x);
      case GELU_TANH -> 0.5 * x * (1 + Math.tanh(geluInner(x)));
      case HARD_SWISH -> x * Math.clamp(x + 3, 0.0, 6.0) / 6;
      case SOFTPLUS -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    };
  }

  private static double slopeFromOutput(Unary f, double y) {
    return switch (f) {
      case SQRT -> 0.5 / y;
      case RECIPROCAL -> -y * y;
      case EXP -> y;
      case RELU -> y > 0 ? 1 : 0;
      case SIGMOID -> y * (1 - y);
      case TANH -> 1 - y * y;
      default -> throw new AssertionError(f + " has its slope in x");
    };
  }

  private static double slope(Unary f, double a, double b, double x) {
    return switch (f) {
      case POW -> a == 0 ? 0 : a * Math.pow(x, a - 1);
      case SQUARE -> 2 * x;
      case LOG -> 1 / x;
      case ABS -> Math.signum(x);
      case SIN -> Math.cos(x);
      case COS -> -Math.sin(x);
      case LEAKY_RELU -> x > 0 ? 1 : a;
      case CLAMP -> x >= a && x <= b ? 1 : 0;
      case SILU -> sigmoid(x) * (1 + x * (1 - sigmoid(x)));
      case GELU -> Erf.normalCdf(x) + x * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
      case GELU_TANH -> {
        double t = Math.tanh(geluInner(x));
        double inner = Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
        yield 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * inner;
      }
      case HARD_SWISH -> x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6;
      case SOFTPLUS -> sigmoid(x);
      default -> throw new AssertionError(f + " has its slope in y");
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double geluInner(double x) {
    return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  @Override
  default void binary(Binary f, Broadcast g, Span a, Span b, Span y) {
    View va = View.of(a), vb = View.of(b), vy = View.of(y);
    Walk.over(
        g.out().toArray(),
        g.a(),
        g.b(),
        (i, ia, ib) -> {
          double p = va.get(ia), q = vb.get(ib);
          vy.set(
              i,
              switch (f) {
                case ADD -> p + q;
                case SUB -> p - q;
                case MUL -> p * q;
                case DIV -> p / q;
                case MAX -> Math.max(p, q);
                case MIN -> Math.min(p, q);
              });
        });
  }

  @Override
  default void binaryGrad(Binary f, Broadcast g, Span a, Span b, Span dy, Slot da, Slot db) {
    View va = View.of(a), vb = View.of(b), d = View.of(dy), ta = View.of(da), tb = View.of(db);
    if (da != null) ta.ready(da.span().size());
    if (db != null) tb.ready(db.span().size());
    Walk.over(
        g.out().toArray(),
        g.a(),
        g.b(),
        (i, ia, ib) -> {
          double v = d.get(i);
          if (ta != null) ta.add(ia, v * slopeA(f, va, ia, vb, ib));
          if (tb != null) tb.add(ib, v * slopeB(f, va, ia, vb, ib));
        });
  }

  private static double slopeA(Binary f, View a, int ia, View b, int ib) {
    return switch (f) {
      case ADD, SUB -> 1;
      case MUL -> b.get(ib);
      case DIV -> 1 / b.get(ib);
      case MAX -> wins(a.get(ia), b.get(ib));
      case MIN -> wins(b.get(ib), a.get(ia));
    };
  }

  private static double slopeB(Binary f, View a, int ia, View b, int ib) {
    return switch (f) {
      case ADD -> 1;
      case SUB -> -1;
      case MUL -> a.get(ia);
      case DIV -> -a.get(ia) / (b.get(ib) * b.get(ib));
      case MAX -> wins(b.get(ib), a.get(ia));
      case MIN -> wins(a.get(ia), b.get(ib));
    };
  }

  private static double wins(double p, double q) {
    return p > q ? 1 : p == q ? 0.5 : 0;
  }
}
