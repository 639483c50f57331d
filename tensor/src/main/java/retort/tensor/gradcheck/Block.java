package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The Jacobian for one input, analytic beside numeric: entry `(k, j)`, output by input coordinate,
/// lies at `k * columns + j`.
record Block(
    int input,
    int[] inShape,
    int[] outShape,
    double[] analytic,
    double[] numeric,
    double[] estimate,
    double[] left,
    double[] right,
    boolean[] rough) {
  static Block empty(int input, NdArray x, NdArray y) {
    int n = Math.multiplyExact(x.size(), y.size());
    return new Block(
        input,
        x.shape(),
        y.shape(),
        new double[n],
        new double[n],
        new double[n],
        new double[n],
        new double[n],
        new boolean[n]);
  }

  int columns() {
    return NdArray.size(inShape);
  }

  int rows() {
    return NdArray.size(outShape);
  }

  void column(int j, Slopes slopes) {
    for (int k = 0; k < rows(); k++) {
      int e = k * columns() + j;
      numeric[e] = slopes.central[k];
      estimate[e] = slopes.estimate[k];
      left[e] = slopes.left[k];
      right[e] = slopes.right[k];
      rough[e] = slopes.rough[k];
    }
  }

  boolean roughColumn(int j) {
    for (int e = j; e < rough.length; e += columns()) {
      if (rough[e]) {
        return true;
      }
    }
    return false;
  }

  /// Whether the analytic derivative is wrong; on a kink, whether it lies outside the one-sided
  /// slopes.
  boolean wrong(int e, Tolerance tolerance) {
    double a = analytic[e];
    if (!rough[e]) {
      return !(Math.abs(a - numeric[e]) <= tolerance.allowed(numeric[e]) + estimate[e]);
    }
    double low = Math.min(left[e], right[e]);
    double high = Math.max(left[e], right[e]);
    double slack = tolerance.allowed(Math.max(Math.abs(low), Math.abs(high))) + estimate[e];
    // A slope that is NaN or infinite bounds nothing.
    return a < low - slack || a > high + slack;
  }

  List<Integer> wrongEntries(Tolerance tolerance) {
    var wrong = new ArrayList<Integer>();
    for (int e = 0; e < analytic.length; e++) {
      if (wrong(e, tolerance)) {
        wrong.add(e);
      }
    }
    return wrong;
  }

  /// Whether every wrong entry sits on a kink.
  boolean wrongOnKinksOnly(List<Integer> wrong) {
    return wrong.stream().allMatch(e -> rough[e]);
  }

  /// The largest numeric derivative that can be trusted.
  double scale() {
    double scale = 0;
    for (int e = 0; e < numeric.length; e++) {
      scale = rough[e] ? scale : Math.max(scale, Math.abs(numeric[e]));
    }
    return scale;
  }

  List<Mismatch> worst(List<Integer> wrong, int most) {
    return wrong.stream()
        .sorted(Comparator.comparingDouble((Integer e) -> -Math.abs(analytic[e] - numeric[e])))
        .limit(most)
        .map(this::mismatch)
        .toList();
  }

  private Mismatch mismatch(int e) {
    return new Mismatch(
        "out" + NdArray.index(e / columns(), outShape),
        "in" + input + NdArray.index(e % columns(), inShape),
        analytic[e],
        numeric[e],
        estimate[e]);
  }
}
