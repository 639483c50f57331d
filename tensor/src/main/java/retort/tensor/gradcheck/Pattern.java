package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// A Jacobian block seen as something to explain: does a rule give its analytic entries? Entries
/// whose numeric slope can't be trusted agree with everything.
record Pattern(Block block, Tolerance tolerance) {
  int size() {
    return block.numeric().length;
  }

  int rows() {
    return block.rows();
  }

  int columns() {
    return block.columns();
  }

  int row(int e) {
    return e / columns();
  }

  int column(int e) {
    return e % columns();
  }

  int at(int row, int column) {
    return row * columns() + column;
  }

  double analytic(int e) {
    return block.analytic()[e];
  }

  double numeric(int e) {
    return block.numeric()[e];
  }

  boolean wrong(int e) {
    return block.wrong(e, tolerance);
  }

  /// Whether every analytic entry is what `expected` says; NaN says nothing.
  boolean matches(IntToDoubleFunction expected) {
    return IntStream.range(0, size())
        .allMatch(e -> block.rough()[e] || near(expected.applyAsDouble(e), analytic(e), e));
  }

  /// Whether the analytic entry at `place(e)` is the numeric one at `e`, everywhere.
  boolean matchesBack(IntUnaryOperator place) {
    return IntStream.range(0, size())
        .allMatch(e -> {
          int p = place.applyAsInt(e);
          return block.rough()[e] || block.rough()[p] || near(numeric(e), analytic(p), e);
        });
  }

  /// Whether some entry is wrong, none is outside `where`, and some of those outside say something.
  boolean wrongOnlyWhere(IntPredicate where) {
    return IntStream.range(0, size()).noneMatch(e -> wrong(e) && !where.test(e))
        && IntStream.range(0, size()).anyMatch(e -> numeric(e) != 0 && !where.test(e));
  }

  /// Whether the input, smaller than the output, stretches to it by NumPy's rule.
  boolean broadcasts() {
    int[] in = block.inShape();
    int[] out = block.outShape();
    boolean fits = in.length <= out.length && columns() < rows();
    for (int i = 1; i <= in.length && fits; i++) {
      int extent = in[in.length - i];
      fits = extent == 1 || extent == out[out.length - i];
    }
    return fits;
  }

  boolean sameNumbers() {
    double[] a = block.analytic().clone();
    double[] n = block.numeric().clone();
    Arrays.sort(a);
    Arrays.sort(n);
    double worst = Arrays.stream(block.estimate()).max().orElse(0);
    return IntStream.range(0, size()).allMatch(e -> Math.abs(a[e] - n[e]) <= slack(a[e]) + worst);
  }

  /// Whether analytic minus numeric is an outer product `u v^T`, either as a whole or for each
  /// group of the last axis by itself, where input and output have the same shape.
  boolean differenceOfRankOne() {
    int whole = columns();
    int[] shape = block.inShape();
    boolean grouped = rows() == columns() && shape.length > 0;
    return rankOne(rows(), whole)
        || grouped && rankOne(shape[shape.length - 1], shape[shape.length - 1]);
  }

  private boolean rankOne(int height, int width) {
    if (height < 3 || width < 3) {
      return false;
    }
    for (int group = 0; group * width < columns(); group++) {
      int top = group * height;
      int start = group * width;
      int pivot = at(top, start);
      for (int e = 0; e < size(); e++) {
        boolean inside = row(e) / height == group && column(e) / width == group;
        boolean foreign = row(e) / height != column(e) / width && height < rows();
        if (foreign && Math.abs(difference(e)) > slack(numeric(e))) {
          return false;
        }
        pivot = inside && Math.abs(difference(e)) > Math.abs(difference(pivot)) ? e : pivot;
      }
      double most = difference(pivot);
      for (int k = top; k < top + height && most != 0; k++) {
        for (int j = start; j < start + width; j++) {
          double product = difference(at(k, column(pivot))) * difference(at(row(pivot), j)) / most;
          if (Math.abs(product - difference(at(k, j))) > slack(most)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private double difference(int e) {
    return analytic(e) - numeric(e);
  }

  int largestNumeric() {
    return IntStream.range(0, size())
        .filter(e -> !block.rough()[e])
        .reduce((a, b) -> Math.abs(numeric(b)) > Math.abs(numeric(a)) ? b : a)
        .orElse(0);
  }

  /// `value`, or the whole or half number that is as good as equal to it.
  double rounded(double value) {
    double half = Math.rint(2 * value) / 2;
    return Math.abs(value - half) <= 2 * tolerance.rtol() * Math.abs(value) ? half : value;
  }

  /// What a count may be the size of, or null.
  String count(double count, List<Block> all) {
    for (Block b : all) {
      if (count == b.columns() && count > 2) {
        return "the size of input " + b.input();
      }
    }
    if (count == rows() && count > 2) {
      return "the size of the output";
    }
    for (int[] shape : List.of(block.inShape(), block.outShape())) {
      for (int n : shape) {
        if (count == n && count > 2) {
          return "an extent of " + Arrays.toString(shape);
        }
      }
    }
    return count > 2 && count * rows() == columns() ? "inputs an output" : null;
  }

  static int[] swapAxes(int[] shape, int a, int b) {
    int[] swapped = shape.clone();
    swapped[a] = shape[b];
    swapped[b] = shape[a];
    int[] order = new int[NdArray.size(shape)];
    for (int j = 0; j < order.length; j++) {
      int[] at = coordinates(j, shape);
      int keep = at[a];
      at[a] = at[b];
      at[b] = keep;
      order[j] = flat(at, swapped);
    }
    return order;
  }

  /// For each place the one `by` further along the axis, -1 where there is none.
  static int[] shift(int[] shape, int axis, int by) {
    int[] from = new int[NdArray.size(shape)];
    for (int j = 0; j < from.length; j++) {
      int[] at = coordinates(j, shape);
      at[axis] += by;
      from[j] = at[axis] < 0 || at[axis] >= shape[axis] ? -1 : flat(at, shape);
    }
    return from;
  }

  static int[] place(int[] shape, int axis) {
    return IntStream.range(0, NdArray.size(shape)).map(j -> coordinates(j, shape)[axis]).toArray();
  }

  private static int[] coordinates(int flat, int[] shape) {
    int[] at = new int[shape.length];
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      at[axis] = flat % shape[axis];
      flat /= shape[axis];
    }
    return at;
  }

  private static int flat(int[] at, int[] shape) {
    int flat = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      flat = flat * shape[axis] + at[axis];
    }
    return flat;
  }

  private boolean near(double expected, double actual, int e) {
    return Double.isNaN(expected)
        || Math.abs(expected - actual) <= slack(expected) + 3 * block.estimate()[e];
  }

  /// Patterns are told apart by their relative size, so tiny Jacobians get a tiny slack.
  private double slack(double value) {
    return Math.min(tolerance.atol(), 1e-3 * block.scale())
        + 2 * tolerance.rtol() * Math.abs(value);
  }
}
