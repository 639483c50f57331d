package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// What is checked: the function, the one its numbers are judged by (itself, or a float64 twin),
/// the point, which inputs are differentiated, and how exactly. Each call gets copies of its own,
/// so that a function that writes to its inputs spoils nothing but its own answer.
record Subject(
    Differentiable f,
    Differentiable reference,
    NdArray[] x,
    boolean[] wanted,
    Tolerance tolerance,
    long seed) {
  /// Far beyond the longest difference step, so that a moved point is off the kink it was on.
  private static final double NUDGE = 1e-2;

  Subject at(NdArray[] point) {
    return new Subject(f, reference, point, wanted, tolerance, seed);
  }

  /// A value nearby but off its kink, away from zero, so that positive inputs stay positive.
  static double nudge(double value, SplittableRandom random) {
    double step = NUDGE * (0.5 + random.nextDouble()) * Math.max(1, Math.abs(value));
    return value < 0 ? value - step : value + step;
  }

  Subject nudged(SplittableRandom random) {
    NdArray[] moved = NdArray.copies(x);
    for (int i : wantedInputs()) {
      double[] data = moved[i].data();
      Arrays.setAll(data, j -> nudge(data[j], random));
    }
    return at(moved);
  }

  NdArray value() {
    return reference.apply(NdArray.copies(x)).copy();
  }

  NdArray[] gradient(NdArray dy) {
    return f.vjp(NdArray.copies(x), dy.copy(), wanted.clone());
  }

  /// The gradient, safe from whatever later calls do to the arrays.
  NdArray[] copiedGradient(NdArray dy) {
    return copies(gradient(dy));
  }

  static NdArray[] copies(NdArray[] dx) {
    return Arrays.stream(dx).map(a -> a == null ? null : a.copy()).toArray(NdArray[]::new);
  }

  /// Another point, in the same domain: the differentiated values in reverse and a little smaller.
  NdArray[] elsewhere() {
    NdArray[] other = NdArray.copies(x);
    for (int i : wantedInputs()) {
      for (int j = 0; j < x[i].size(); j++) {
        other[i].data()[j] = 0.75 * x[i].data()[x[i].size() - 1 - j];
      }
    }
    return other;
  }

  boolean close(NdArray expected, NdArray got) {
    for (int j = 0; j < expected.size(); j++) {
      double due = expected.data()[j];
      if (!(Math.abs(got.data()[j] - due) <= tolerance.allowed(due))) {
        return false;
      }
    }
    return true;
  }

  int[] wantedInputs() {
    return IntStream.range(0, x.length).filter(i -> wanted[i]).toArray();
  }

  int coordinates() {
    return Arrays.stream(wantedInputs()).map(i -> x[i].size()).sum();
  }

  /// The slope of every output when one coordinate moves.
  Slopes alongCoordinate(int input, int j, NdArray y) {
    NdArray[] moved = NdArray.copies(x);
    double at = x[input].data()[j];
    return Slopes.of(
        t -> {
          moved[input].data()[j] = at + t;
          return valueAt(moved, y);
        },
        y.data(),
        Math.max(1, Math.abs(at)),
        Math.abs(at),
        tolerance);
  }

  /// The slope of every output when all inputs move along `v`. The longer `v`, the shorter the
  /// step, so that a direction through many coordinates stays as near to the point as one through a
  /// single one.
  Slopes alongDirection(NdArray[] v, NdArray y) {
    return Slopes.of(t -> valueAt(moved(v, t), y), y.data(), largest(x) / length(v), 0, tolerance);
  }

  NdArray[] moved(NdArray[] v, double t) {
    NdArray[] moved = NdArray.copies(x);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x[i].size(); j++) {
        moved[i].data()[j] += t * v[i].data()[j];
      }
    }
    return moved;
  }

  private double[] valueAt(NdArray[] point, NdArray y) {
    NdArray value = reference.apply(NdArray.copies(point));
    if (!value.sameShape(y)) {
      throw new IllegalStateException(
          "the output's shape depends on the values: %s here, %s nearby; only the values may depend on them"
              .formatted(Arrays.toString(y.shape()), Arrays.toString(value.shape())));
    }
    return value.data().clone();
  }

  private static double length(NdArray[] v) {
    double squares = Arrays.stream(v).mapToDouble(a -> a.dot(a)).sum();
    return Math.max(1, Math.sqrt(squares));
  }

  private static double largest(NdArray[] x) {
    return Arrays.stream(x)
        .flatMapToDouble(a -> Arrays.stream(a.data()))
        .map(Math::abs)
        .reduce(1, Math::max);
  }
}
