package retort.tensor.contract;

import org.junit.jupiter.api.Test;

/// Softmax and cross-entropy.
interface LossesContract extends Agreement {
  /// One exponential, one sum and one division a number; logarithms of probabilities near 1 are
  /// judged by the scale of their neighbours.
  Tolerance PROBABILITY = new Tolerance(3e-6, 1e-6);

  int[][] LOGITS = {{1, 1}, {3, 2}, {7, 10}, {5, 16}, {4, 33}, {2, 1000}, {128, 100}, {3000, 50}};

  @Test
  default void softmax() {
    for (int[] s : LOGITS) {
      int rows = s[0], cols = s[1], n = rows * cols;
      for (boolean log : new boolean[] {false, true}) {
        String name = (log ? "logSoftmax" : "softmax") + " of " + rows + " x " + cols;
        agree(
            name, PROBABILITY, d -> d.kernels().softmax(rows, cols, log, d.in(n, -8, 8), d.out(n)));
        agree(
            name + ", gradient",
            PROBABILITY,
            d ->
                d.kernels()
                    .softmaxGrad(
                        rows,
                        cols,
                        log,
                        log ? d.in(n, -5, -1) : d.in(n, 0, 1),
                        d.in(n),
                        d.slot(n)));
      }
    }
  }

  @Test
  default void softmaxOfLargeNumbers() {
    agree(
        "softmax of large numbers",
        PROBABILITY,
        d -> d.kernels().softmax(2, 3, false, d.in(1e4, 1e4 + 1, -1e4, 3e38, -3e38, 0), d.out(6)));
    agree(
        "logSoftmax of large numbers",
        PROBABILITY,
        d -> d.kernels().softmax(1, 3, true, d.in(1e4, 1e4 + 1, -1e4), d.out(3)));
  }

  @Test
  default void crossEntropy() {
    for (int[] s : LOGITS) {
      int rows = s[0], cols = s[1], n = rows * cols;
      int[] labels = new int[rows];
      for (int i = 0; i < rows; i++) labels[i] = i * 5 % cols;
      for (double smoothing : new double[] {0, 0.1}) {
        String name = "crossEntropy of " + rows + " x " + cols + ", smoothing " + smoothing;
        agree(
            name,
            PROBABILITY,
            d ->
                d.kernels()
                    .crossEntropy(
                        rows, cols, labels, smoothing, d.in(n, -8, 8), d.out(n), d.out(rows)));
        agree(
            name + ", gradient",
            PROBABILITY,
            d ->
                d.kernels()
                    .crossEntropyGrad(
                        rows, cols, labels, smoothing, d.in(n, 0, 1), d.in(rows), d.slot(n)));
      }
    }
  }
}
