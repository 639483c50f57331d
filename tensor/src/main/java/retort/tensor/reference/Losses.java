package retort.tensor.reference;

import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Softmax and cross-entropy, a row at a time.
interface Losses extends Kernels {
  @Override
  default void softmax(int rows, int cols, boolean log, Span x, Span y) {
    View in = View.of(x), out = View.of(y);
    for (int r = 0; r < rows; r++) {
      double lse = logSumExp(in, r * cols, cols);
      for (int i = r * cols; i < (r + 1) * cols; i++) {
        out.set(i, log ? in.get(i) - lse : Math.exp(in.get(i) - lse));
      }
    }
  }

  private static double logSumExp(View x, int at, int cols) {
    double max = Double.NEGATIVE_INFINITY, sum = 0;
    for (int i = at; i < at + cols; i++) max = Math.max(max, x.get(i));
    for (int i = at; i < at + cols; i++) sum += Math.exp(x.get(i) - max);
    return max + Math.log(sum);
  }

  @Override
  default void softmaxGrad(int rows, int cols, boolean log, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    View out = View.of(y), d = View.of(dy), to = View.of(dx);
    for (int r = 0; r < rows; r++) {
      double sum = 0;
      for (int i = r * cols; i < (r + 1) * cols; i++) sum += log ? d.get(i) : d.get(i) * out.get(i);
      for (int i = r * cols; i < (r + 1) * cols; i++) {
        to.land(i, log ? d.get(i) - Math.exp(out.get(i)) * sum : out.get(i) * (d.get(i) - sum));
      }
    }
  }

  private static double target(int j, int label, int cols, double smoothing) {
    return (j == label ? 1 - smoothing : 0) + smoothing / cols;
  }

  @Override
  default void crossEntropy(
      int rows, int cols, int[] labels, double smoothing, Span x, Span p, Span loss) {
    View in = View.of(x), prob = View.of(p), out = View.of(loss);
    for (int r = 0; r < rows; r++) {
      double lse = logSumExp(in, r * cols, cols), sum = 0;
      for (int j = 0; j < cols; j++) {
        double logp = in.get(r * cols + j) - lse, t = target(j, labels[r], cols, smoothing);
        prob.set(r * cols + j, Math.exp(logp));
        if (t != 0) sum -= t * logp;
      }
      out.set(r, sum);
    }
  }

  @Override
  default void crossEntropyGrad(
      int rows, int cols, int[] labels, double smoothing, Span p, Span dloss, Slot dx) {
    if (dx == null) return;
    View prob = View.of(p), d = View.of(dloss), to = View.of(dx);
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < cols; j++) {
        int i = r * cols + j;
        to.land(i, d.get(r) * (prob.get(i) - target(j, labels[r], cols, smoothing)));
      }
    }
  }
}
