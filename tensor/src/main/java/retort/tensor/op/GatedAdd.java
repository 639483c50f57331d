package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// y = h + gate u, where the gate is the columns of ada `[.., width]` from `gate` on: the residual
/// add of adaptive layer norm (arXiv 2212.09748, section 3.2). Inputs: h `[.., c]`, ada, u `[..,
/// c]`.
public record GatedAdd(int gate) implements Op {
  @Override
  public Shape shape(Shape... in) {
    if (!in[0].equals(in[2])) throw ShapeException.of(name(), "h and u must have one shape", in);
    Modulate.checkColumns(name(), in[0], in[1], gate);
    return in[0];
  }

  @Override
  public void forward(Forward f) {
    Shape h = f.shape(0);
    f.kernels()
        .gatedAdd(h.rows(), h.last(), f.shape(1).last(), gate, f.x(0), f.x(1), f.x(2), f.y());
  }

  @Override
  public void backward(Back b) {
    Shape h = b.shape(0);
    b.kernels()
        .gatedAddGrad(
            h.rows(),
            h.last(),
            b.shape(1).last(),
            gate,
            b.x(1),
            b.x(2),
            b.dy(),
            b.slotOverDy(0),
            b.sum(1),
            b.slot(2));
  }

  @Override
  public boolean savesInput(int input) {
    return input > 0;
  }
}
