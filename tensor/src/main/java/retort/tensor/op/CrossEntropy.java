package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// -sum t log softmax(x) of every row of the logits x `[n, c]`, where t is the label's one-hot row
/// smoothed towards uniform (Szegedy et al., arXiv 1512.00567, section 7). The result is `[n]`:
/// take its mean.
public record CrossEntropy(double smoothing, int... labels) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0];
    if (x.rank() != 2 || x.at(0) != labels.length) {
      throw ShapeException.of(
          name(),
          "wants logits [n, c] and a label for each row, has " + labels.length + " labels",
          in);
    }
    if (!(smoothing >= 0 && smoothing < 1)) {
      throw ShapeException.of(name(), "smoothing must lie in [0, 1), got " + smoothing, in);
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= x.at(1)) {
        throw ShapeException.of(
            name(),
            "label " + labels[i] + " of row " + i + " is outside the " + x.at(1) + " classes",
            in);
      }
    }
    return Shape.of(x.at(0));
  }

  @Override
  public int[] keeps(Shape... in) {
    return new int[] {in[0].size()};
  }

  @Override
  public void forward(Forward f) {
    Shape x = f.shape(0);
    f.kernels().crossEntropy(x.at(0), x.at(1), labels, smoothing, f.x(0), f.kept(0), f.y());
  }

  @Override
  public void backward(Back b) {
    Shape x = b.shape(0);
    b.kernels().crossEntropyGrad(x.at(0), x.at(1), labels, smoothing, b.kept(0), b.dy(), b.slot(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
