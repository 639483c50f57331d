package retort.experiments.table;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.commons.statistics.inference.TTest;
import retort.experiments.run.Mean;

/// One number over several seeds, and how sure it is. Students of one seed begin from the same
/// weights and see the same images in the same order, so two methods are compared seed by seed.
public record Seeds(double... values) {
  public Seeds {
    values = values.clone();
  }

  public int count() {
    return values.length;
  }

  public double mean() {
    return values.length == 0 ? Double.NaN : Mean.of(values).value();
  }

  /// Half the width of Student's 95 % interval of the mean; NaN with fewer than two seeds.
  public double halfWidth() {
    return values.length == 0 ? Double.NaN : Mean.of(values).high() - mean();
  }

  /// The p-value of Student's paired test that both means are the same; NaN with fewer than two
  /// seeds, or where every seed has the same difference, of which the test says nothing.
  public double pairedP(Seeds other) {
    if (other.count() != count()) {
      throw new IllegalArgumentException(
          "a paired test wants the same seeds on both sides, got "
              + count()
              + " and "
              + other.count());
    }
    double[] d =
        IntStream.range(0, count()).mapToDouble(i -> values[i] - other.values[i]).toArray();
    boolean varies = Arrays.stream(d).anyMatch(v -> v != d[0]);
    return count() < 2 || !varies
        ? Double.NaN
        : TTest.withDefaults().pairedTest(values, other.values).getPValue();
  }

  /// `76.4 ± 0.5`, or the number alone where there is no interval.
  @Override
  public String toString() {
    double half = halfWidth();
    return Double.isNaN(half)
        ? String.format(Locale.ROOT, "%.2f", mean())
        : String.format(Locale.ROOT, "%.2f ± %.2f", mean(), half);
  }
}
