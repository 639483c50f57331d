package retort.tensor.cpu;

/// The error function in double precision: its Maclaurin series near zero, and the continued
/// fraction of its complement further out (Abramowitz and Stegun, "Handbook of mathematical
/// functions", 7.1.6 and 7.1.14); relative error below 1e-14.
final class Erf {
  private Erf() {}

  /// The normal distribution's cumulative probability up to x.
  static double normalCdf(double x) {
    return x < 0 ? 0.5 * erfc(-x / Math.sqrt(2)) : 1 - 0.5 * erfc(x / Math.sqrt(2));
  }

  /// 1 - erf(x), for x at least 0.
  private static double erfc(double x) {
    if (Double.isNaN(x)) return x;
    if (x > 27) return 0;
    if (x < 2) {
      double term = x, sum = x;
      for (int n = 1; Math.abs(term) > 1e-17 * sum; n++) {
        term *= 2 * x * x / (2 * n + 1);
        sum += term;
      }
      return 1 - 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }
    double fraction = x; // x + (1/2)/(x + 1/(x + (3/2)/(x + ...))), from the inside out
    for (int k = 120; k >= 1; k--) fraction = x + k / 2.0 / fraction;
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
  }
}
