package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// y = act((x - mean) / sqrt(var + eps) gamma + beta + residual), a channel by itself: batch
/// normalisation (Ioffe and Szegedy, arXiv 1502.03167) with the ReLU and the residual add that
/// mostly follow it, in one pass. Inputs: x `[.., c]`, gamma `[c]`, beta `[c]`, stats `[2, c]`
/// (mean, variance), and an optional residual of x's shape.
///
/// With `batchStats` the statistics are x's own ([Moments], detached) and their part of the
/// gradient is in this op; otherwise they are constants, as in evaluation. Either way no gradient
/// goes to `stats`.
public record BatchNorm(double eps, boolean relu, boolean batchStats) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0], c = Shape.of(x.last());
    if (!in[1].equals(c) || !in[2].equals(c) || !in[3].equals(Shape.of(2, x.last()))) {
      throw ShapeException.of(
          name(), "wants x [.., c], gamma [c], beta [c] and stats [2, c] with the same c", in);
    }
    if (in.length > 4 && !in[4].equals(x)) {
      throw ShapeException.of(name(), "the residual must have the shape of x", in);
    }
    return x;
  }

  @Override
  public void forward(Forward f) {
    Shape x = f.shape(0);
    f.kernels()
        .batchNorm(x.rows(), x.last(), eps, relu, f.x(0), f.x(3), f.x(1), f.x(2), f.x(4), f.y());
  }

  @Override
  public void backward(Back b) {
    Shape x = b.shape(0);
    boolean residual = b.wants(4);
    b.kernels()
        .batchNormGrad(
            x.rows(),
            x.last(),
            eps,
            relu,
            batchStats,
            b.x(0),
            b.x(3),
            b.x(1),
            b.inputs() > 4 ? null : b.x(2),
            relu ? b.y() : null,
            b.dy(),
            residual ? b.slot(0) : b.slotOverDy(0),
            b.slot(1),
            b.slot(2),
            residual ? b.slotOverDy(4) : null);
  }

  @Override
  public boolean savesInput(int input) {
    return input < 4;
  }

  @Override
  public boolean savesOutput() {
    return relu;
  }
}
