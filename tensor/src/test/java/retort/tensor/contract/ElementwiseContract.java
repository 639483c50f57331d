package retort.tensor.contract;

import org.junit.jupiter.api.Test;
import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// Functions of one and of two numbers.
interface ElementwiseContract extends Agreement {
  /// A few roundings of float32 (each 6e-8) and, in exp and its like, a polynomial cut short at
  /// 2e-7; relative even where the result is tiny.
  Tolerance MAP = new Tolerance(1e-6, 0);

  /// Slopes, and functions that subtract: what is left of near-equal numbers is off by a few
  /// roundings of those.
  Tolerance CANCELLING = new Tolerance(1e-6, 1e-6);

  /// Sums of up to 70,001 products, whose roundings grow with the terms' root sum of squares at
  /// least; a sum near zero is judged by the scale of its neighbours.
  Tolerance SUMMED = new Tolerance(5e-6, 5e-6);

  /// The corners of float32: where exp over- and underflows, tiny numbers, zeros, infinities, NaN.
  double[] CORNERS = {
    0,
    -0.0,
    1e-30,
    -1e-30,
    1e-7,
    -1e-7,
    0.6249,
    0.6251,
    -3,
    3,
    9,
    -9,
    20,
    -20,
    87,
    -87,
    88.7,
    -88.7,
    89,
    -89,
    110,
    -110,
    1e10,
    -1e10,
    3e38,
    -3e38,
    1e-40,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private static Tolerance tolerance(Unary f) {
    return switch (f) {
      case AFFINE, LOG, SIN, COS, GELU, GELU_TANH, HARD_SWISH -> CANCELLING;
      default -> MAP;
    };
  }

  private static double low(Unary f) {
    return switch (f) {
      case POW, SQRT, LOG -> 0.01;
      default -> -6;
    };
  }

  private static double a(Unary f) {
    return switch (f) {
      case POW -> 1.7;
      case CLAMP -> -1.25;
      default -> 0.3;
    };
  }

  @Test
  default void unary() {
    for (Unary f : Unary.values()) {
      for (int n : SIZES) {
        agree(
            f + " of " + n,
            tolerance(f),
            d -> d.kernels().unary(f, a(f), 0.75, d.in(n, low(f), 6), d.out(n)));
      }
      agree(
          f + " in place",
          tolerance(f),
          d -> {
            Span x = d.compared(d.in(LARGE, low(f), 6));
            d.kernels().unary(f, a(f), 0.75, x, x);
          });
    }
  }

  @Test
  default void unaryAtTheCorners() {
    for (Unary f : Unary.values()) {
      agree(
          f + " at the corners",
          f == Unary.GELU_TANH ? CANCELLING : new Tolerance(2e-6, 0),
          d -> {
            Span x = d.in(CORNERS);
            d.kernels().unary(f, f == Unary.POW ? 2 : a(f), 0.75, x, d.out(CORNERS.length));
          });
    }
  }

  @Test
  default void unaryGrad() {
    for (Unary f : Unary.values()) {
      for (int n : SIZES) unaryGrad(f, n);
      if (f == Unary.SILU || f == Unary.RELU) unaryGrad(f, LARGE); // all are cut alike
      agree(
          f + " gradient in place",
          CANCELLING,
          d -> {
            Span dy = d.compared(d.in(77));
            d.kernels().unaryGrad(f, a(f), 0.75, x(f, d, 77), y(f, d, 77), dy, Slot.write(dy));
          });
    }
  }

  private void unaryGrad(Unary f, int n) {
    agree(
        f + " gradient of " + n,
        CANCELLING,
        d -> d.kernels().unaryGrad(f, a(f), 0.75, x(f, d, n), y(f, d, n), d.in(n), d.slot(n)));
  }

  /// x, or null where the slope doesn't need it.
  private static Span x(Unary f, Side d, int n) {
    return f.slopeFromOutput() || f == Unary.AFFINE ? null : d.in(n, low(f), 6);
  }

  private static Span y(Unary f, Side d, int n) {
    if (!f.slopeFromOutput()) return null;
    return switch (f) {
      case RELU -> d.ties(n, 3); // a third of them 0
      case SIGMOID -> d.in(n, 0, 1);
      case TANH -> d.in(n, -1, 1);
      default -> d.in(n, 0.1, 4);
    };
  }

  /// Two shapes a line: alike, a scalar, a row, a column, a middle axis, both sides stretched, and
  /// axes missing in front.
  int[][][] SHAPES = {
    {{1}, {1}},
    {{13}, {13}},
    {{5, 7}, {5, 7}},
    {{31}, {}},
    {{}, {6}},
    {{5, 7}, {7}},
    {{9}, {4, 9}},
    {{5, 16}, {1, 16}},
    {{300, 3}, {3}},
    {{5, 7}, {5, 1}},
    {{33, 1}, {33, 18}},
    {{2, 3, 4}, {2, 1, 4}},
    {{2, 1, 8}, {2, 5, 8}},
    {{2, 3, 4}, {1, 3, 1}},
    {{5, 1}, {1, 7}},
    {{3, 1, 4}, {2, 1}},
    {{2, 3, 1, 5, 2}, {3, 4, 1, 2}},
    {{1, 1}, {3, 1}},
    {{650, 120}, {120}},
    {{650, 120}, {650, 1}},
    {{70_001}, {70_001}},
    {{70_001}, {1}},
    {{20, 64, 3, 40}, {20, 1, 1, 40}},
    {{4, 1500}, {50, 1, 1}},
  };

  @Test
  default void binary() {
    for (Binary f : Binary.values()) {
      for (int[][] s : SHAPES) {
        Shape a = Shape.of(s[0]), b = Shape.of(s[1]);
        Broadcast g = Broadcast.of("test", a, b);
        agree(
            f + " of " + a + " and " + b,
            CANCELLING,
            d -> d.kernels().binary(f, g, left(f, d, a), right(f, d, b), d.out(g.out().size())));
      }
      Shape s = Shape.of(7, 5);
      Broadcast g = Broadcast.of("test", s, Shape.of(5));
      agree(
          f + " in place",
          CANCELLING,
          d -> {
            Span a = d.compared(left(f, d, s));
            d.kernels().binary(f, g, a, right(f, d, Shape.of(5)), a);
          });
    }
  }

  @Test
  default void binaryGrad() {
    for (Binary f : Binary.values()) {
      boolean reads = f != Binary.ADD && f != Binary.SUB;
      for (int[][] s : SHAPES) {
        Shape a = Shape.of(s[0]), b = Shape.of(s[1]);
        Broadcast g = Broadcast.of("test", a, b);
        if (g.out().size() > 10_000 && f != Binary.MUL) continue; // all are cut alike
        agree(
            f + " gradients of " + a + " and " + b,
            SUMMED,
            d ->
                d.kernels()
                    .binaryGrad(
                        f,
                        g,
                        reads ? left(f, d, a) : null,
                        reads ? right(f, d, b) : null,
                        d.in(g.out().size()),
                        d.slot(a.size()),
                        d.slot(b.size())));
      }
    }
  }

  private static boolean ties(Binary f) {
    return f == Binary.MAX || f == Binary.MIN;
  }

  private static Span left(Binary f, Side d, Shape s) {
    return ties(f) ? d.ties(s.size(), 4) : d.in(s.size());
  }

  /// Away from 0, for it may divide.
  private static Span right(Binary f, Side d, Shape s) {
    return ties(f) ? d.ties(s.size(), 4) : d.in(s.size(), 0.5, 2);
  }
}
