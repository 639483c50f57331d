package retort.nn;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import retort.nn.data.Batch;
import retort.nn.data.Batches;
import retort.nn.data.Loader;
import retort.nn.data.Samples;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// How well logits name the labels of some samples. Each image is judged by itself, so the result
/// doesn't depend on the batch size.
///
/// @param correct how many labels have the largest logit
/// @param top5 how many are among the five largest
/// @param loss the mean cross-entropy
/// @param predicted the class of the largest logit of each sample, in the samples' order
public record Evaluation(int total, int correct, int top5, double loss, int[] predicted) {
  /// The share that is right.
  public double accuracy() {
    return (double) correct / total;
  }

  /// Runs a net in evaluation mode over all samples.
  public static Evaluation of(Layer net, Samples samples, int batchSize) {
    return net.evaluating(() -> of(net.device(), samples, batchSize, net::apply));
  }

  /// Judges any function from images `[n, h, w, c]` to logits `[n, classes]`.
  public static Evaluation of(
      Device device, Samples samples, int batchSize, UnaryOperator<Tensor> function) {
    int total = 0, correct = 0, top5 = 0;
    double loss = 0;
    int[] predicted = new int[samples.size()];
    try (Batches batches = Loader.evaluation(samples, batchSize).epoch(0)) {
      for (Batch batch : batches) {
        int n = batch.size();
        Shape shape = Shape.of(n, samples.height(), samples.width(), samples.channels());
        double[] logits =
            Tape.infer(
                device, tape -> function.apply(tape.inputFrom(shape, batch.images)).toDoubles());
        int classes = logits.length / n;
        for (int i = 0; i < n; i++) {
          double[] row = Arrays.copyOfRange(logits, i * classes, (i + 1) * classes);
          int rank = rank(row, batch.labels[i]);
          if (rank == 0) correct++;
          if (rank < 5) top5++;
          loss += crossEntropy(row, batch.labels[i]);
          predicted[total + i] = largest(row);
        }
        total += n;
      }
    }
    return new Evaluation(total, correct, top5, loss / total, predicted);
  }

  /// How many classes come before the label: larger logits, equal ones of smaller index, and all
  /// where the logits are NaN.
  private static int rank(double[] logits, int label) {
    int rank = 0;
    for (int c = 0; c < logits.length; c++) {
      boolean behind = logits[c] < logits[label] || logits[c] == logits[label] && c > label;
      if (c != label && !behind) rank++;
    }
    return rank;
  }

  private static int largest(double[] logits) {
    int largest = 0;
    for (int c = 1; c < logits.length; c++) if (logits[c] > logits[largest]) largest = c;
    return largest;
  }

  private static double crossEntropy(double[] logits, int label) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double sum = Arrays.stream(logits).map(x -> Math.exp(x - max)).sum();
    return max + Math.log(sum) - logits[label];
  }
}
