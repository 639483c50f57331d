package retort.gendd;

import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// What a batch's images show: a class each, or, where images were mixed, a row of probabilities.
///
/// @param hard the class of each image `[n]`; of a mixed image the one it was before
/// @param soft probabilities `[n, classes]`, or null
/// @param smoothing how much of a hard label is spread over all classes
/// @param binary whether each class is learnt by itself, as a yes or a no, instead of one among all
public record Labels(int[] hard, Tensor soft, double smoothing, boolean binary) {
  public Labels {
    if (soft != null && (soft.shape().rank() != 2 || soft.shape().at(0) != hard.length)) {
      throw ShapeException.of(
          "labels", "wants soft labels [n, classes] of " + hard.length + " images", soft.shape());
    }
  }

  public static Labels of(int... hard) {
    return new Labels(hard, null, 0, false);
  }

  public static Labels of(int[] hard, Tensor soft) {
    return new Labels(hard, soft, 0, false);
  }

  /// The cross-entropy of each row of logits `[n]`, binary ones averaged over the classes.
  public Tensor crossEntropy(Tensor logits) {
    if (binary) return logits.binaryCrossEntropy(probabilities(logits.shape().last()));
    return soft == null ? logits.crossEntropy(smoothing, hard) : logits.crossEntropy(soft);
  }

  private Tensor probabilities(int classes) {
    return soft != null ? soft : oneHot(classes).affine(1 - smoothing, smoothing / classes);
  }

  /// The labelled rows of a table `[classes, d]`, mixed as the labels are: `[n, d]`.
  public Tensor rows(Tensor table) {
    if (soft != null) return soft.matmul(table);
    Tensor own = table.gather(hard);
    if (smoothing == 0) return own;
    return own.mul(1 - smoothing).add(table.mean(0).mul(smoothing));
  }

  /// The most probable class of each image, for methods that split target from the rest.
  public int[] dominant() {
    return soft == null ? hard.clone() : soft.argmax();
  }

  /// One row a class, 1 where the image is of it: for sums that pick the label's entry.
  public Tensor oneHot(int classes) {
    int[] label = dominant();
    float[] rows = new float[label.length * classes];
    for (int i = 0; i < label.length; i++) {
      if (label[i] < 0 || label[i] >= classes) {
        throw new IllegalArgumentException(
            "label " + label[i] + " of image " + i + " is outside the " + classes + " classes");
      }
      rows[i * classes + label[i]] = 1;
    }
    return Tape.current().input(Shape.of(label.length, classes), rows);
  }
}
