package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// The mean and the biased variance of every channel of x `[.., c]`, as `[2, c]`.
public record Moments() implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() < 2 || in[0].rows() == 0) {
      throw ShapeException.of(name(), "wants x [.., c] with at least one row", in);
    }
    return Shape.of(2, in[0].last());
  }

  @Override
  public void forward(Forward f) {
    f.kernels().moments(f.shape(0).rows(), f.shape(0).last(), f.x(0), f.y());
  }

  @Override
  public void backward(Back b) {
    b.kernels().momentsGrad(b.shape(0).rows(), b.shape(0).last(), b.x(0), b.y(), b.dy(), b.slot(0));
  }

  @Override
  public boolean savesOutput() {
    return true;
  }
}
