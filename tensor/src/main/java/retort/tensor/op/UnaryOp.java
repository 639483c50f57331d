package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.Unary;

/// y = f(x; a, b), number by number.
public record UnaryOp(Unary f, double a, double b) implements Op {
  @Override
  public String name() {
    return f.name().toLowerCase(java.util.Locale.ROOT);
  }

  @Override
  public Shape shape(Shape... in) {
    return in[0];
  }

  @Override
  public void forward(Forward f) {
    f.kernels().unary(this.f, a, b, f.x(0), f.y());
  }

  @Override
  public void backward(Back back) {
    back.kernels()
        .unaryGrad(
            f,
            a,
            b,
            savesInput(0) ? back.x(0) : null,
            savesOutput() ? back.y() : null,
            back.dy(),
            back.slotOverDy(0));
  }

  @Override
  public boolean savesInput(int input) {
    return !f.slopeFromOutput() && f != Unary.AFFINE;
  }

  @Override
  public boolean savesOutput() {
    return f.slopeFromOutput();
  }
}
