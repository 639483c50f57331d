package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Broadcast;
import retort.tensor.Forward;
import retort.tensor.Move;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// x stretched to a shape: axes of extent 1, and axes missing in front, repeat.
public record Expand(Shape to) implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (!Broadcast.of(name(), in[0], to).out().equals(to)) {
      throw ShapeException.of(name(), "only axes of extent 1 stretch", in[0], to);
    }
    return to;
  }

  private Move move(Shape x) {
    return new Move(to.toArray(), Broadcast.strides(x, to), 0, to.strides(), 0);
  }

  @Override
  public void forward(Forward f) {
    f.kernels().move(move(f.shape(0)), f.x(0), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    b.kernels().move(move(b.shape(0)).reversed(), b.dy(), b.sum(0)); // repeats become a sum
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
