package retort.tensor.cpu;

/// Loops over runs of numbers: plain ones here, which are the explanation of the vector loops that
/// [VectorRuns] puts in the place of some, their tails, and all there is without the vector module.
///
/// Loops that only add and multiply C2 vectorises itself. Hand vectors are for what it leaves
/// scalar: sums and maxima over a run (20 to 30 times slower), choices, and runs of a few dozen
/// numbers, where its unrolled loops never get going.
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

  // ---- left to C2

  /// y = a b
  static void multiply(float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = a[ao + i] * b[bo + i];
  }

  /// y = a x + b
  static void affine(float a, float[] x, int xo, float b, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = a * x[xo + i] + b;
  }

  /// y = p a + q b + r
  static void blend(
      float p, float[] a, int ao, float q, float[] b, int bo, float r, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = p * a[ao + i] + (q * b[bo + i] + r);
  }
}
