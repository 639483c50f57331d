package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Move;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// Zeros put before and after along an axis.
public record Pad(int axis, int before, int after) implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (before < 0 || after < 0) {
      throw ShapeException.of(name(), "padding can't be negative: " + before + ", " + after, in);
    }
    return in[0].with(axis, in[0].at(axis) + before + after);
  }

  private Move move(Shape x) {
    int[] to = shape(x).strides();
    return new Move(x.toArray(), x.strides(), 0, to, before * to[axis]);
  }

  @Override
  public void forward(Forward f) {
    f.kernels().fill(0, f.y());
    f.kernels().move(move(f.shape(0)), f.x(0), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    b.kernels().move(move(b.shape(0)).reversed(), b.dy(), b.slot(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
