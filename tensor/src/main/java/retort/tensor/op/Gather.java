package retort.tensor.op;

import java.util.Arrays;
import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// y[i] = x[index[i]] along the first axis: an embedding's look-up, a permutation of a batch. A row
/// that is taken twice gets both gradients.
public record Gather(int... index) implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() == 0) throw ShapeException.of(name(), "wants an axis to take rows from", in);
    for (int i = 0; i < index.length; i++) {
      if (index[i] < 0 || index[i] >= in[0].at(0)) {
        throw ShapeException.of(
            name(),
            "index " + index[i] + " at place " + i + " is outside the " + in[0].at(0) + " rows",
            in);
      }
    }
    return in[0].with(0, index.length);
  }

  private static int width(Shape x) {
    return x.span(1, x.rank());
  }

  @Override
  public void forward(Forward f) {
    f.kernels().gather(index, width(f.shape(0)), f.x(0), f.y());
  }

  @Override
  public void backward(Back b) {
    b.kernels().scatterAdd(index, width(b.shape(0)), b.dy(), b.sumSpan(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }

  @Override
  public String toString() {
    return "Gather" + Arrays.toString(index);
  }
}
