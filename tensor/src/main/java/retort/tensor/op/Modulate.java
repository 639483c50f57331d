package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// y = x (1 + scale) + shift, where shift and scale are columns of ada `[.., width]`, beginning at
/// the given ones: the modulation of adaptive layer norm (Peebles and Xie, "Scalable diffusion
/// models with transformers", arXiv 2212.09748, section 3.2). x `[.., c]`.
public record Modulate(int shift, int scale) implements Op {
  @Override
  public Shape shape(Shape... in) {
    checkColumns(name(), in[0], in[1], Math.max(shift, scale));
    return in[0];
  }

  static void checkColumns(String op, Shape x, Shape ada, int from) {
    if (x.rank() < 1 || !x.with(-1, 1).equals(ada.with(-1, 1)) || from + x.last() > ada.last()) {
      throw ShapeException.of(
          op,
          "wants x [.., c] and ada [.., width] with the columns " + from + " to " + from + " + c",
          x,
          ada);
    }
  }

  @Override
  public void forward(Forward f) {
    Shape x = f.shape(0);
    f.kernels()
        .modulate(x.rows(), x.last(), f.shape(1).last(), shift, scale, f.x(0), f.x(1), f.y());
  }

  @Override
  public void backward(Back b) {
    Shape x = b.shape(0);
    b.kernels()
        .modulateGrad(
            x.rows(),
            x.last(),
            b.shape(1).last(),
            shift,
            scale,
            b.x(0),
            b.x(1),
            b.dy(),
            b.slot(0),
            b.sum(1));
  }
}
