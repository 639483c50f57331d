package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Move;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// `length` neighbours along an axis, from `start` on, every `step`-th.
public record Narrow(int axis, int start, int length, int step) implements Op {
  @Override
  public Shape shape(Shape... in) {
    check(name(), in[0], axis, start, length, step);
    return in[0].with(axis, length);
  }

  /// The rule, shared with narrowing by a view.
  public static void check(String op, Shape x, int axis, int start, int length, int step) {
    int end = length == 0 ? start : start + (length - 1) * step + 1;
    if (start < 0 || length < 0 || step < 1 || end > x.at(axis)) {
      throw ShapeException.of(
          op,
          "start " + start + ", length " + length + ", step " + step + " is outside axis " + axis,
          x);
    }
  }

  private Move move(Shape x) {
    int[] from = x.strides();
    int at = start * from[axis];
    from[axis] *= step;
    Shape y = x.with(axis, length);
    return new Move(y.toArray(), from, at, y.strides(), 0);
  }

  @Override
  public void forward(Forward f) {
    f.kernels().move(move(f.shape(0)), f.x(0), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    b.kernels().move(move(b.shape(0)).reversed(), b.dy(), b.sum(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
