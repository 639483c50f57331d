package retort.tensor.cpu;

import java.util.ArrayList;
import java.util.List;

/// A small constant matrix as the shortest straight program that multiplies by it. Values are
/// numbered: the inputs first, then what each step makes.
///
/// Winograd's matrices come in pairs of rows, or of columns, that differ in the signs of some
/// numbers alone: `e + o` and `e - o`. Using that halves the work.
record LinearMap(int inputs, List<Step> steps, int[] outputs) {
  /// `factor * x + y` where y is a value, `factor * x` where y is negative.
  record Step(float factor, int x, int y) {}

  static LinearMap of(double[][] matrix) {
    return new Builder(matrix).build();
  }

  /// A program being written.
  private static final class Builder {
    final double[][] m;
    final int rows, columns;
    final List<Step> steps = new ArrayList<>();
    final int[] outputs;

    Builder(double[][] matrix) {
      m = matrix;
      rows = m.length;
      columns = m[0].length;
      outputs = new int[rows];
    }

    LinearMap build() {
      if (rows == 6) byRowPairs();
      else byColumnPairs();
      return new LinearMap(columns, List.copyOf(steps), outputs);
    }

    private int value(double factor, int x, int y) {
      steps.add(new Step((float) factor, x, y));
      return columns + steps.size() - 1;
    }

    /// The sum of factors times values; begins with one that needs no multiplication, if any.
    private int sum(double[] factors, int[] values) {
      int first = -1;
      for (int j = 0; j < factors.length && first < 0; j++) if (factors[j] == 1) first = j;
      int sum = first < 0 ? -1 : values[first];
      for (int j = 0; j < factors.length; j++) {
        if (j != first && factors[j] != 0) sum = value(factors[j], values[j], sum);
      }
      return sum;
    }

    private int[] inputs() {
      int[] values = new int[columns];
      for (int j = 0; j < columns; j++) values[j] = j;
      return values;
    }

    /// Rows 1 and 2, and 3 and 4, are the sum and the difference of what they share and what they
    /// differ in.
    private void byRowPairs() {
      outputs[0] = sum(m[0], inputs());
      outputs[5] = sum(m[5], inputs());
      for (int i = 1; i < 5; i += 2) {
        double[] same = new double[columns], opposite = new double[columns];
        for (int j = 0; j < columns; j++) (m[i][j] == m[i + 1][j] ? same : opposite)[j] = m[i][j];
        int e = sum(same, inputs()), o = sum(opposite, inputs());
        outputs[i] = value(1, o, e);
        outputs[i + 1] = value(-1, o, e);
      }
    }

    /// Columns 1 and 2, and 3 and 4, enter by their sum or by their difference.
    private void byColumnPairs() {
      int[] plus = inputs(), minus = inputs();
      for (int j = 1; j < 5; j += 2) {
        plus[j] = value(1, j, j + 1);
        minus[j] = value(-1, j + 1, j);
      }
      for (int i = 0; i < rows; i++) {
        double[] factors = m[i].clone();
        int[] values = inputs();
        for (int j = 1; j < 5; j += 2) {
          values[j] = m[i][j] == m[i][j + 1] ? plus[j] : minus[j];
          factors[j + 1] = 0;
        }
        outputs[i] = sum(factors, values);
      }
    }
  }

  /// How many values there are in all.
  int values() {
    return inputs + steps.size();
  }

  /// Runs the program on values of n numbers each, one after another: the inputs are there, the
  /// others are filled in.
  void run(float[] v, int n) {
    int to = inputs * n;
    for (Step s : steps) {
      int x = s.x * n, y = s.y * n;
      float factor = s.factor;
      if (s.y < 0) for (int i = 0; i < n; i++) v[to + i] = factor * v[x + i];
      else if (factor == 1) for (int i = 0; i < n; i++) v[to + i] = v[y + i] + v[x + i];
      else if (factor == -1) for (int i = 0; i < n; i++) v[to + i] = v[y + i] - v[x + i];
      else for (int i = 0; i < n; i++) v[to + i] = Math.fma(v[x + i], factor, v[y + i]);
      to += n;
    }
  }

  /// Writes the program as vector code; returns the vectors of the outputs.
  int[] emit(VectorCode v, int[] in) {
    List<Integer> values = new ArrayList<>();
    for (int x : in) values.add(x);
    for (Step s : steps) {
      int x = values.get(s.x);
      values.add(
          s.y < 0
              ? v.times(x, s.factor)
              : s.factor == 1
                  ? v.sum(values.get(s.y), x)
                  : s.factor == -1
                      ? v.difference(values.get(s.y), x)
                      : v.fma(x, s.factor, values.get(s.y)));
    }
    int[] out = new int[outputs.length];
    for (int i = 0; i < out.length; i++) out[i] = values.get(outputs[i]);
    return out;
  }
}
