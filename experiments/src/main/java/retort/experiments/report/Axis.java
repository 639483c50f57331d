package retort.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// One axis of a plot: maps values to places between two ends, and chooses round values to mark.
final class Axis {
  private final double low;
  private final double high;
  private final boolean logarithmic;
  private final double begin;
  private final double end;

  private Axis(double low, double high, boolean logarithmic, double begin, double end) {
    this.low = low;
    this.high = high;
    this.logarithmic = logarithmic;
    this.begin = begin;
    this.end = end;
  }

  /// An axis that shows all finite values, from `begin` to `end` on the drawing.
  static Axis over(DoubleStream values, boolean logarithmic, double begin, double end) {
    double[] finite = values.filter(v -> Double.isFinite(v) && (!logarithmic || v > 0)).toArray();
    double low = DoubleStream.of(finite).min().orElse(logarithmic ? 1 : 0);
    double high = DoubleStream.of(finite).max().orElse(low + 1);
    if (logarithmic) {
      double room = low == high ? Math.log(2) : 0.04 * Math.log(high / low);
      return new Axis(low / Math.exp(room), high * Math.exp(room), true, begin, end);
    }
    double room = low == high ? Math.max(Math.abs(low) * 0.1, 0.5) : 0.04 * (high - low);
    return new Axis(low - room, high + room, false, begin, end);
  }

  /// An axis with given ends; 1 long if they are one.
  static Axis between(double low, double high, double begin, double end) {
    return new Axis(low, high > low ? high : low + 1, false, begin, end);
  }

  double place(double value) {
    double part =
        logarithmic ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
    return begin + part * (end - begin);
  }

  boolean shows(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }

  /// Round values inside the axis, about as many as asked for: steps of 1, 2 or 5 times a power of
  /// ten; on a logarithmic axis powers of ten, with 2 and 5 between them where there are few.
  List<Double> marks(int about) {
    List<Double> marks = new ArrayList<>();
    if (logarithmic) {
      double decades = Math.log10(high / low);
      double[] within = decades < 3 ? new double[] {1, 2, 5} : new double[] {1};
      for (int power = (int) Math.floor(Math.log10(low));
          power <= Math.ceil(Math.log10(high));
          power++) {
        for (double m : within) {
          double mark = m * Math.pow(10, power);
          if (mark >= low && mark <= high) marks.add(mark);
        }
      }
      return marks;
    }
    double step = step(about);
    for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++)
      marks.add(i * step);
    return marks;
  }

  private double step(int about) {
    double rough = (high - low) / about;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    for (double m : new double[] {1, 2, 5}) {
      if (m * power >= rough) return m * power;
    }
    return 10 * power;
  }

  /// A mark as text: no more decimals than the marks need, `k` and `M` for large round numbers.
  String label(double mark, int about) {
    double size = Math.abs(mark);
    if (size >= 1e6) return trimmed(mark / 1e6, 2) + "M";
    if (size >= 1e4) return trimmed(mark / 1e3, 2) + "k";
    double step = logarithmic ? size : step(about);
    if (size > 0 && step < 1e-4) return String.format(Locale.ROOT, "%.0e", mark);
    int decimals = step >= 1 || step == 0 ? 0 : (int) Math.ceil(-Math.log10(step) - 1e-9);
    return trimmed(mark, decimals);
  }

  private static String trimmed(double value, int decimals) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    if (text.contains(".")) text = text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
    return text.equals("-0") ? "0" : text;
  }
}
