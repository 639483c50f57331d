package retort.nn.data;

/// Accuracy on long-tailed data by how often a class was seen in training: many (more than 100
/// images), medium (20 to 100) and few (fewer than 20), each the mean of its classes' accuracies. A
/// group without classes is NaN.
///
/// `all` is the share of right predictions. The thresholds are those of "Large-Scale Long-Tailed
/// Recognition in an Open World" (arXiv 1904.05160), with the borders as later code has them.
public record ShotAccuracy(double all, double many, double medium, double few) {
  private static final int MANY = 100;
  private static final int FEW = 20;

  /// From the labels and predictions of a test set and the number of training images of each class.
  public static ShotAccuracy of(int[] labels, int[] predictions, int[] trainingCounts) {
    if (labels.length != predictions.length) {
      throw new IllegalArgumentException(
          predictions.length + " predictions for " + labels.length + " labels");
    }
    int[] seen = new int[trainingCounts.length];
    int[] right = new int[trainingCounts.length];
    int total = 0;
    for (int i = 0; i < labels.length; i++) {
      int hit = labels[i] == predictions[i] ? 1 : 0;
      seen[labels[i]]++;
      right[labels[i]] += hit;
      total += hit;
    }
    double[] sums = new double[3];
    int[] classes = new int[3];
    for (int c = 0; c < seen.length; c++) {
      if (seen[c] > 0) {
        int group = trainingCounts[c] > MANY ? 0 : trainingCounts[c] >= FEW ? 1 : 2;
        sums[group] += (double) right[c] / seen[c];
        classes[group]++;
      }
    }
    return new ShotAccuracy(
        (double) total / labels.length,
        sums[0] / classes[0],
        sums[1] / classes[1],
        sums[2] / classes[2]);
  }
}
