package retort.experiments.run;

import java.util.List;
import java.util.Map;

/// What came of one training, as `results.json` holds it.
///
/// @param name who it is in tables and legends: `teacher`, `plain`, `kd`, `gendd`
/// @param model the backbone: `resnet8`
/// @param readings every way its answers were read after the last epoch, with its accuracy on the
///   test images
/// @param best the same after the epoch that was best on the validation images
/// @param epochs the course of the training
public record Outcome(
    String name,
    String model,
    List<Reading> readings,
    Best best,
    double trainingSeconds,
    List<Epoch> epochs) {
  /// How the file of a finished training ends: `kd.outcome.json`.
  public static final String FILE = ".outcome.json";

  /// @param epoch from 0
  public record Best(int epoch, List<Reading> readings) {
    public Best {
      readings = List.copyOf(readings);
    }
  }

  /// One way of reading answers: the classifier of its own, or generated features through the
  /// teacher's.
  ///
  /// @param top5 the share whose label is among the five likeliest
  /// @param shots accuracy on classes with many, medium and few training images (0 to 1), where the
  ///   training images are long-tailed
  /// @param parameters all that this way needs at inference
  /// @param macs multiply-adds an image at inference, this way
  public record Reading(
      String by,
      Accuracy accuracy,
      double top5,
      Map<String, Double> shots,
      long parameters,
      long macs) {}

  /// @param losses means over the epoch, by name; `loss` is their weighted sum
  /// @param validation accuracy on the validation split, 0 to 1
  public record Epoch(int epoch, Map<String, Double> losses, double validation, double seconds) {}

  public Outcome {
    readings = List.copyOf(readings);
    epochs = List.copyOf(epochs);
  }
}
