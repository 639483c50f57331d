package retort.nn.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import retort.tensor.Philox;

/// Chooses images by their labels; every choice keeps the order of the images. Images without a
/// label are as one class more, after the others.
final class Choice {
  private Choice() {}

  /// The number of images of each class.
  static int[] counts(int[] labels, int classes) {
    int[] counts = new int[classes];
    for (int label : labels) {
      if (label != ImageSource.UNLABELLED) {
        counts[label]++;
      }
    }
    return counts;
  }

  /// The first images of each class, `count` of each; of images without a label as many as of all
  /// classes together.
  static int[] first(int[] labels, int classes, int count) {
    int[] quota = new int[classes + 1];
    Arrays.fill(quota, count);
    quota[classes] = (int) Math.min(Integer.MAX_VALUE, (long) count * Math.max(1, classes));
    return where(marked(IntStream.range(0, labels.length).toArray(), labels, quota), true);
  }

  /// The first images of each class, `count` of the largest and as large a share of the others, but
  /// one at least of each that has any.
  static int[] thinned(int[] labels, int classes, int count) {
    int[] counts = counts(labels, classes), quota = Arrays.copyOf(counts, classes + 1);
    int largest = Arrays.stream(counts).max().orElse(0);
    double share = Math.min(1, (double) count / Math.max(1, largest));
    for (int c = 0; c < classes; c++) {
      quota[c] = Math.min(counts[c], Math.max(1, (int) Math.round(share * counts[c])));
    }
    quota[classes] = (int) Math.round(share * (labels.length - Arrays.stream(counts).sum()));
    return where(marked(IntStream.range(0, labels.length).toArray(), labels, quota), true);
  }

  /// Class i of C keeps int(n * (1/imbalance)^(i/(C-1))) images, n being the largest class.
  static int[] longTailed(int[] labels, int classes, double imbalance, long seed) {
    if (!(imbalance >= 1)) {
      throw new IllegalArgumentException("the imbalance must be at least 1, got " + imbalance);
    }
    int[] counts = counts(labels, classes);
    int largest = Arrays.stream(counts).max().orElse(0);
    int[] quota = new int[classes];
    for (int c = 0; c < classes; c++) {
      double position = classes == 1 ? 0 : c / (classes - 1.0);
      quota[c] = Math.min(counts[c], (int) (largest * Math.pow(1 / imbalance, position)));
    }
    return where(draw(labels, quota, seed), true);
  }

  /// The images kept and those held out: the same share of every class, in whole images.
  static int[][] heldOut(int[] labels, int classes, double share, long seed) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("the share to hold out must be in [0, 1), got " + share);
    }
    int[] quota = Arrays.copyOf(counts(labels, classes), classes + 1);
    quota[classes] = labels.length - Arrays.stream(quota).sum();
    for (int c = 0; c < quota.length; c++) {
      quota[c] = (int) Math.round(share * quota[c]);
    }
    boolean[] held = draw(labels, quota, seed);
    return new int[][] {where(held, false), where(held, true)};
  }

  private static boolean[] draw(int[] labels, int[] quota, long seed) {
    return marked(Philox.of(seed, "split").permutation(labels.length), labels, quota);
  }

  private static boolean[] marked(int[] order, int[] labels, int[] quota) {
    int[] left = quota.clone();
    boolean[] chosen = new boolean[labels.length];
    for (int i : order) {
      int label = labels[i] == ImageSource.UNLABELLED ? quota.length - 1 : labels[i];
      chosen[i] = left[label]-- > 0;
    }
    return chosen;
  }

  private static int[] where(boolean[] marks, boolean value) {
    return IntStream.range(0, marks.length).filter(i -> marks[i] == value).toArray();
  }
}
