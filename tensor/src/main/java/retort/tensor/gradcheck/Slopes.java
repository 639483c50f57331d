package retort.tensor.gradcheck;

import java.util.function.DoubleFunction;

/// The numerical engine: the slope at 0 of a curve `t -> g(t)`, for every output of `g` at once.
///
/// Central differences at `h` and `h/2`, `D(h) = (g(h) - g(-h)) / 2h`, have an error of order
/// `h^2`; Richardson's combination `(4 D(h/2) - D(h)) / 3` has one of order `h^4`. How far it moves
/// from `D(h/2)`, plus the rounding of `g` divided by the step, is the error estimate. An output
/// whose estimate exceeds the tolerance is tried again with a longer step (when rounding dominates)
/// and shorter ones (curvature, or a kink nearby), and the best of them is kept.
///
/// An output is *rough* when its slope can't be trusted: the two one-sided slopes differ by an
/// amount that doesn't shrink with the step (a kink at the point itself), or no step gives an
/// estimate within the tolerance (a kink or a jump within the finest step, or noise).
final class Slopes {
  /// Where truncation (h^2) and rounding (u/h) of a central difference balance.
  static final double STEP = Math.cbrt(Math.ulp(1.0));

  /// How many units in the last place `g` itself may be off by. Sums in `g` lose a few.
  private static final double ULPS = 4;

  /// An exact kink keeps its jump when the step halves; curvature halves it.
  private static final double KINK_RATIO = 0.75;

  /// How much of the jump at a kink a one-sided slope may still move by.
  private static final double SETTLED = 0.01;

  final double[] central;
  final double[] estimate;
  final double[] left;
  final double[] right;
  final boolean[] rough;

  private Slopes(int outputs) {
    central = new double[outputs];
    estimate = new double[outputs];
    left = new double[outputs];
    right = new double[outputs];
    rough = new boolean[outputs];
  }

  /// `scale` is the length of the coordinate's unit step, `max(1, |x|)`; `fine` a shorter one for
  /// coordinates much smaller than 1, `|x|` or 0 when there is none.
  static Slopes of(
      DoubleFunction<double[]> g, double[] y, double scale, double fine, Tolerance tolerance) {
    double step = Math.max(STEP, tolerance.eps());
    Slopes best = difference(g, y, step * scale, tolerance);
    double eps = tolerance.eps();
    double[] retries = {32 * step * scale, eps * scale, scale > 1 ? eps : 0, step * fine};
    for (double h : retries) {
      if (h > 0 && best.anyRough()) {
        best.improve(difference(g, y, h, tolerance));
      }
    }
    return best;
  }

  private static Slopes difference(
      DoubleFunction<double[]> g, double[] y, double h, Tolerance tolerance) {
    double[] far = g.apply(h);
    double[] near = g.apply(h / 2);
    double[] farBack = g.apply(-h);
    double[] nearBack = g.apply(-h / 2);
    Slopes slopes = new Slopes(y.length);
    for (int k = 0; k < y.length; k++) {
      double coarse = (far[k] - farBack[k]) / (2 * h);
      double finer = (near[k] - nearBack[k]) / h;
      double central = (4 * finer - coarse) / 3;
      double largest = Math.max(Math.abs(y[k]), Math.max(Math.abs(far[k]), Math.abs(farBack[k])));
      double rounding = ULPS * Math.ulp(1.0) * largest / h;
      double left = (y[k] - nearBack[k]) / (h / 2);
      double right = (near[k] - y[k]) / (h / 2);
      double jump = Math.abs(right - left);
      double wideJump = Math.abs(far[k] - 2 * y[k] + farBack[k]) / h;
      double estimate = Math.abs(central - finer) + rounding;
      double allowed = tolerance.allowed(central);
      boolean kink = jump > allowed + 4 * rounding && jump > KINK_RATIO * wideJump;
      slopes.central[k] = central;
      slopes.estimate[k] = estimate;
      slopes.left[k] = settled((y[k] - farBack[k]) / h, left, jump, tolerance);
      slopes.right[k] = settled((far[k] - y[k]) / h, right, jump, tolerance);
      // Negated so that NaN, as from log just below 0, counts as rough.
      slopes.rough[k] = kink || !(estimate <= allowed);
    }
    return slopes;
  }

  /// A one-sided slope, or NaN where it still changes when the step halves: then it bounds nothing.
  private static double settled(double wide, double narrow, double jump, Tolerance tolerance) {
    double change = Math.abs(wide - narrow);
    return change <= tolerance.allowed(narrow) + SETTLED * jump ? narrow : Double.NaN;
  }

  private boolean anyRough() {
    for (boolean r : rough) {
      if (r) {
        return true;
      }
    }
    return false;
  }

  private void improve(Slopes other) {
    for (int k = 0; k < rough.length; k++) {
      if (rough[k] && !other.rough[k]) {
        central[k] = other.central[k];
        estimate[k] = other.estimate[k];
        left[k] = other.left[k];
        right[k] = other.right[k];
        rough[k] = false;
      }
    }
  }
}
