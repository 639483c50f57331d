package retort.tensor.op;

import java.util.Arrays;
import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Move;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// Axis i of the result is axis `axes[i]` of x.
public record Permute(int... axes) implements Op {
  @Override
  public Shape shape(Shape... in) {
    int[] sorted = axes.clone();
    Arrays.sort(sorted);
    boolean all = sorted.length == in[0].rank();
    for (int i = 0; all && i < sorted.length; i++) all = sorted[i] == i;
    if (!all) {
      throw ShapeException.of(name(), "wants every axis once, got " + Arrays.toString(axes), in);
    }
    return Shape.of(Arrays.stream(axes).map(in[0]::at).toArray());
  }

  private Move move(Shape x) {
    int[] strides = x.strides();
    Shape y = shape(x);
    return new Move(
        y.toArray(), Arrays.stream(axes).map(a -> strides[a]).toArray(), 0, y.strides(), 0);
  }

  @Override
  public void forward(Forward f) {
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
