package retort.gendd.generative;

import java.util.Arrays;
import retort.gendd.Teacher;
import retort.tensor.Tensor;

/// A point of the teacher's feature space for each class, towards which features are contracted.
///
/// @param rows `[classes, width]`, row-major
public record Centres(int classes, int width, double[] rows) {
  /// Where the points come from.
  public enum Kind {
    /// The class's row of the teacher's classifier, bias left out: what the authors' code uses.
    WEIGHT_ROW,
    /// The same rows brought to one length, their mean one. Classifiers trained on unbalanced data
    /// have longer rows for frequent classes; this takes that away.
    NORMALISED_ROW,
    /// The mean feature of the class's training images, as Definition 1 of the paper reads.
    CLASS_MEAN
  }

  /// Centres that the teacher's classifier alone determines.
  public static Centres of(Kind kind, Teacher teacher) {
    double[] w = teacher.net().classifier().weight().toDoubles();
    int classes = teacher.classes(), width = teacher.featureWidth();
    return switch (kind) {
      case WEIGHT_ROW -> new Centres(classes, width, w);
      case NORMALISED_ROW -> new Centres(classes, width, toOneLength(w, classes, width));
      case CLASS_MEAN ->
          throw new IllegalArgumentException(
              "class means want the training images: add their features to Centres.Means and pass"
                  + " its result");
    };
  }

  private static double[] toOneLength(double[] rows, int classes, int width) {
    double[] length = new double[classes];
    for (int i = 0; i < rows.length; i++) length[i / width] += rows[i] * rows[i];
    for (int c = 0; c < classes; c++) length[c] = Math.sqrt(length[c]);
    double mean = Arrays.stream(length).average().orElseThrow();
    double[] scaled = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double own = length[i / width];
      scaled[i] = own == 0 ? 0 : rows[i] * mean / own;
    }
    return scaled;
  }

  /// Sums features by class.
  public static final class Means {
    private final int classes;
    private final int width;
    private final double[] sum;
    private final long[] count;

    public Means(int classes, int width) {
      this.classes = classes;
      this.width = width;
      sum = new double[classes * width];
      count = new long[classes];
    }

    /// Adds features `[n, width]` with their classes.
    public void add(Tensor feature, int... labels) {
      double[] f = feature.toDoubles();
      for (int i = 0; i < labels.length; i++) {
        count[labels[i]]++;
        for (int j = 0; j < width; j++) sum[labels[i] * width + j] += f[i * width + j];
      }
    }

    public Centres centres() {
      double[] mean = new double[sum.length];
      for (int c = 0; c < classes; c++) {
        if (count[c] == 0) {
          throw new IllegalStateException(
              "class " + c + " has no training image, so it has no mean feature");
        }
        for (int j = 0; j < width; j++) mean[c * width + j] = sum[c * width + j] / count[c];
      }
      return new Centres(classes, width, mean);
    }
  }
}
