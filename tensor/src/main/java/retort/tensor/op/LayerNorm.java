package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// y = (x - mean) / sqrt(var + eps) gamma + beta over the last axis (Ba et al., arXiv 1607.06450).
/// gamma and beta `[c]` come together or not at all; the variance is the biased one.
public record LayerNorm(double eps) implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() < 1 || in.length == 2) {
      throw ShapeException.of(name(), "wants x [.., c], or x, gamma [c] and beta [c]", in);
    }
    Shape c = Shape.of(in[0].last());
    if (in.length > 2 && !(in[1].equals(c) && in[2].equals(c))) {
      throw ShapeException.of(
          name(), "wants x [.., c], gamma [c] and beta [c] with the same c", in);
    }
    return in[0];
  }

  @Override
  public int[] keeps(Shape... in) {
    return new int[] {2 * in[0].rows()};
  }

  @Override
  public void forward(Forward f) {
    Shape x = f.shape(0);
    f.kernels().layerNorm(x.rows(), x.last(), eps, f.x(0), f.x(1), f.x(2), f.kept(0), f.y());
  }

  @Override
  public void backward(Back b) {
    Shape x = b.shape(0);
    b.kernels()
        .layerNormGrad(
            x.rows(),
            x.last(),
            b.x(0),
            b.x(1),
            b.kept(0),
            b.dy(),
            b.slotOverDy(0),
            b.slot(1),
            b.slot(2));
  }

  @Override
  public boolean savesInput(int input) {
    return input < 2;
  }
}
