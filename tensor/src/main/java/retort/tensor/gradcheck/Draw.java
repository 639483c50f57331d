package retort.tensor.gradcheck;

import java.util.SplittableRandom;

/// How the values of an input are drawn.
public enum Draw {
  /// Standard normal: the default.
  NORMAL,
  /// Between 0.1 and 2.1, for log, sqrt and divisors.
  POSITIVE,
  /// Between 0.05 and 0.95, for probabilities.
  UNIT,
  /// Each row along the last axis is positive and sums to 1.
  SIMPLEX,
  /// Integers from -1 to 1: many ties and zeros, the kinks of max, relu and abs.
  TIES,
  /// All values differ by 0.1 or more and none is near 0: no kinks for max, relu and abs.
  DISTINCT,
  /// Normal, times 1000.
  LARGE,
  /// Normal, times 1/1000.
  SMALL,
  /// Normal, times 10 to a power between -3 and 3.
  MIXED;

  NdArray draw(SplittableRandom random, int... shape) {
    NdArray x = NdArray.zeros(shape);
    double[] a = x.data();
    for (int i = 0; i < a.length; i++) {
      a[i] =
          switch (this) {
            case NORMAL -> random.nextGaussian();
            case POSITIVE -> 0.1 + 2 * random.nextDouble();
            case UNIT -> 0.05 + 0.9 * random.nextDouble();
            case SIMPLEX -> 0.1 + random.nextDouble();
            case TIES -> random.nextInt(-1, 2);
            case DISTINCT -> 0.2 * (i - a.length / 2) + 0.05 + 0.1 * random.nextDouble();
            case LARGE -> 1e3 * random.nextGaussian();
            case SMALL -> 1e-3 * random.nextGaussian();
            case MIXED -> random.nextGaussian() * Math.pow(10, 6 * random.nextDouble() - 3);
          };
    }
    if (this == DISTINCT) {
      shuffle(a, random);
    }
    if (this == SIMPLEX) {
      normalise(a, shape.length == 0 ? 1 : shape[shape.length - 1]);
    }
    return x;
  }

  private static void shuffle(double[] a, SplittableRandom random) {
    for (int i = a.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double swap = a[i];
      a[i] = a[j];
      a[j] = swap;
    }
  }

  private static void normalise(double[] a, int row) {
    for (int start = 0; start < a.length; start += row) {
      double sum = 0;
      for (int i = start; i < start + row; i++) {
        sum += a[i];
      }
      for (int i = start; i < start + row; i++) {
        a[i] /= sum;
      }
    }
  }
}
