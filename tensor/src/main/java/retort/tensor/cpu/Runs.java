package retort.tensor.cpu;

/// Loops over runs of numbers: plain ones here, which are the explanation of the vector loops that
/// [VectorRuns] puts in the place of some, their tails, and all there is without the vector module.
///
/// C2 vectorises such loops itself only where it sees that all arrays are walked from one place on:
/// with an offset of its own for each array, as here, it fears that they overlap, and a number
/// takes four to five times as long. It never vectorises sums, maxima and choices, and its unrolled
/// loops do not pay below some hundred numbers. So most loops have a sibling in hand vectors.
class Runs {
  static final Runs RUNS = Simd.ON ? new VectorRuns() : new Runs();

  /// y += x
  void add(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] += x[xo + i];
  }

  /// y += a b
  void multiplyAdd(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.fma(a[ao + i], b[bo + i], y[yo + i]);
  }

  /// y = max(x, y)
  void max(float[] x, int xo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.max(x[xo + i], y[yo + i]);
  }

  /// sums += x, in double precision
  void accumulate(float[] x, int xo, double[] sums, int so, int n) {
    for (int i = 0; i < n; i++) sums[so + i] += x[xo + i];
  }

  /// sums += each row of x `[rows, cols]`, in double precision
  void accumulateRows(float[] x, int xo, int rows, int cols, double[] sums) {
    for (int r = 0; r < rows; r++) accumulate(x, xo + r * cols, sums, 0, cols);
  }

  double sum(float[] x, int xo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[xo + i];
    return sum;
  }

  /// The sum of (x - centre)^2.
  double squares(float[] x, int xo, int n, double centre) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double d = x[xo + i] - centre;
      sum = Math.fma(d, d, sum);
    }
    return sum;
  }

  double dot(float[] a, int ao, float[] b, int bo, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum = Math.fma((double) a[ao + i], b[bo + i], sum);
    return sum;
  }

  /// The largest; NaN where there is one.
  float greatest(float[] x, int xo, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) max = Math.max(max, x[xo + i]);
    return max;
  }

  /// y = (p + x) r + q
  void affine(float p, float[] x, int xo, float r, float q, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.fma(p + x[xo + i], r, q);
  }

  /// y = (p + a) b
  void scaled(float p, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = (p + a[ao + i]) * b[bo + i];
  }

  /// y = (p + a) b + c
  void fused(
      float p, float[] a, int ao, float[] b, int bo, float[] c, int co, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = Math.fma(p + a[ao + i], b[bo + i], c[co + i]);
  }

  /// y = p a + (q b + r)
  void blend(
      float p, float[] a, int ao, float q, float[] b, int bo, float r, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = Math.fma(p, a[ao + i], Math.fma(q, b[bo + i], r));
    }
  }

  /// y = a / b
  void divide(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] / b[bo + i];
  }

  /// y = the largest of `count` runs of x, at least one, which begin at `taps` from xo on; NaN
  /// where one of them is
  void maxima(float[] x, int xo, int[] taps, int count, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      float max = x[xo + taps[0] + i];
      for (int t = 1; t < count; t++) {
        float v = x[xo + taps[t] + i];
        if (v > max || v != v) max = v;
      }
      y[yo + i] = max;
    }
  }

  /// dx += dy at the first of `count` places, as in [#maxima], where x is the maximum y
  void toMaxima(
      float[] x,
      int xo,
      int[] taps,
      int count,
      float[] y,
      int yo,
      float[] dy,
      int at,
      float[] dx,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      for (int t = 0; t < count; t++) {
        if (x[xo + taps[t] + i] != y[yo + i]) continue;
        dx[to + taps[t] + i] += dy[at + i];
        break;
      }
    }
  }
}
