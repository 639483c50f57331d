package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Row by row: a softmax, or a cross-entropy with labels followed by its gradient. The label of row
/// i is i modulo the number of classes.
public record SoftmaxRows(int rows, int cols, boolean crossEntropy) implements KernelWork {
  @Override
  public String name() {
    return (crossEntropy ? "cross-entropy and gradient " : "softmax ") + rows + "x" + cols;
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  /// x to the probabilities and, for the loss, from those to dx.
  @Override
  public double amount() {
    return 4.0 * rows * cols * (crossEntropy ? 4 : 2);
  }

  /// x, and for the loss dloss
  @Override
  public List<Shape> inputs() {
    Shape x = Shape.of(rows, cols);
    return crossEntropy ? List.of(x, Shape.of(rows)) : List.of(x);
  }

  /// y, or dx, loss and the probabilities
  @Override
  public List<Shape> outputs() {
    Shape x = Shape.of(rows, cols);
    return crossEntropy ? List.of(x, Shape.of(rows), x) : List.of(x);
  }

  public int[] labels() {
    int[] labels = new int[rows];
    for (int i = 0; i < rows; i++) labels[i] = i % cols;
    return labels;
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    if (crossEntropy) {
      int[] labels = labels();
      k.crossEntropy(rows, cols, labels, 0, in[0], out[2], out[1]);
      k.crossEntropyGrad(rows, cols, labels, 0, out[2], in[1], new Slot(out[0], false));
    } else {
      k.softmax(rows, cols, false, in[0], out[0]);
    }
  }

  @Override
  public Span[] results(Span[] in, Span[] out) {
    return crossEntropy ? new Span[] {out[0], out[1]} : out;
  }
}
