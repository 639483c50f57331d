package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// Zeroes each number with probability p and divides the others by 1 - p (Srivastava et al., JMLR
/// 15, 2014). The mask isn't stored: the way back draws it again.
public record Dropout(double p, Philox draws) implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (!(p >= 0 && p < 1)) {
      throw ShapeException.of(name(), "the probability must lie in [0, 1), got " + p, in);
    }
    return in[0];
  }

  @Override
  public void forward(Forward f) {
    f.kernels().dropout(p, draws, f.x(0), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    b.kernels().dropout(p, draws, b.dy(), b.slot(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
