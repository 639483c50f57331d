package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Move;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// Tensors one after another along an axis; every other extent agrees.
public record Concat(int axis) implements Op {
  @Override
  public Shape shape(Shape... in) {
    int n = 0;
    for (Shape s : in) {
      if (s.rank() != in[0].rank() || !s.with(axis, 1).equals(in[0].with(axis, 1))) {
        throw ShapeException.of(
            name(), "all extents but those of axis " + axis + " must agree", in);
      }
      n += s.at(axis);
    }
    return in[0].with(axis, n);
  }

  private Move move(Shape part, Shape whole, int start) {
    return new Move(
        part.toArray(), part.strides(), 0, whole.strides(), start * whole.strides()[axis]);
  }

  @Override
  public void forward(Forward f) {
    for (int i = 0, start = 0; i < f.inputs(); start += f.shape(i++).at(axis)) {
      f.kernels().move(move(f.shape(i), f.yShape(), start), f.x(i), Slot.write(f.y()));
    }
  }

  @Override
  public void backward(Back b) {
    for (int i = 0, start = 0; i < b.inputs(); start += b.shape(i++).at(axis)) {
      if (b.wants(i)) {
        b.kernels().move(move(b.shape(i), b.yShape(), start).reversed(), b.dy(), b.slot(i));
      }
    }
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
