package retort.experiments.run;

import java.util.Locale;
import org.apache.commons.statistics.interval.BinomialConfidenceInterval;
import org.apache.commons.statistics.interval.Interval;

/// How many of a test set were right, with the 95 % interval that so many images allow: Wilson's
/// score interval, which keeps its coverage near 0 and 1 where the usual `p ± 1.96 sqrt(p(1-p)/n)`
/// doesn't.
public record Accuracy(int correct, int total, double value, double low, double high) {
  private static final double ERROR_RATE = 0.05;

  public static Accuracy of(int correct, int total) {
    if (total < 1 || correct < 0 || correct > total) {
      throw new IllegalArgumentException(
          "accuracy: " + correct + " of " + total + " can't be right");
    }
    Interval wilson =
        BinomialConfidenceInterval.WILSON_SCORE.fromErrorRate(total, correct, ERROR_RATE);
    return new Accuracy(
        correct, total, (double) correct / total, wilson.getLowerBound(), wilson.getUpperBound());
  }

  /// In percent, as tables show it: `91.3 % [89.8, 92.6]`.
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.1f %% [%.1f, %.1f]", 100 * value, 100 * low, 100 * high);
  }
}
