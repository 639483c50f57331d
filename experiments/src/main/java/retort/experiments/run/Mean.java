package retort.experiments.run;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.statistics.interval.Interval;
import org.apache.commons.statistics.interval.NormalConfidenceInterval;

/// The mean over a few seeds with its 95 % interval, Student's t: what the seeds alone make of the
/// spread. One seed has no interval: its ends are NaN.
public record Mean(double value, double low, double high, int n) {
  private static final double ERROR_RATE = 0.05;

  public static Mean of(double... values) {
    if (values.length == 0) throw new IllegalArgumentException("a mean wants at least one value");
    int n = values.length;
    double mean = Arrays.stream(values).average().orElseThrow();
    if (n == 1) return new Mean(mean, Double.NaN, Double.NaN, 1);
    double variance = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (n - 1);
    if (!(variance > 0)) return new Mean(mean, mean, mean, n);
    Interval t = NormalConfidenceInterval.MEAN.fromErrorRate(mean, variance, n, ERROR_RATE);
    return new Mean(mean, t.getLowerBound(), t.getUpperBound(), n);
  }

  /// The mean of differences between two ways of doing the same seeds, in one order.
  public static Mean difference(double[] a, double[] b) {
    if (a.length != b.length) {
      throw new IllegalArgumentException(
          "paired values: " + a.length + " against " + b.length + "; give one of each a seed");
    }
    double[] d = new double[a.length];
    for (int i = 0; i < d.length; i++) d[i] = a[i] - b[i];
    return of(d);
  }

  /// In percent: `81.2 % [80.1, 82.3]`, or without an interval where there is none.
  public String percent() {
    if (n == 1) return String.format(Locale.ROOT, "%.1f %%", 100 * value);
    return String.format(Locale.ROOT, "%.1f %% [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
  }

  /// As it is, with three digits behind the point.
  @Override
  public String toString() {
    if (n == 1) return String.format(Locale.ROOT, "%.3f", value);
    return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, low, high);
  }
}
