package retort.tensor.op;

import java.util.Locale;
import retort.tensor.Back;
import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;

/// y = f(a, b), number by number, with NumPy's broadcasting.
public record BinaryOp(Binary f) implements Op {
  @Override
  public String name() {
    return f.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape shape(Shape... in) {
    return Broadcast.of(name(), in[0], in[1]).out();
  }

  @Override
  public void forward(Forward f) {
    Broadcast g = Broadcast.of(name(), f.shape(0), f.shape(1));
    f.kernels().binary(this.f, g, f.x(0), f.x(1), f.y());
  }

  @Override
  public void backward(Back b) {
    Broadcast g = Broadcast.of(name(), b.shape(0), b.shape(1));
    boolean reads = savesInput(0);
    b.kernels()
        .binaryGrad(
            f, g, reads ? b.x(0) : null, reads ? b.x(1) : null, b.dy(), b.slot(0), b.slot(1));
  }

  @Override
  public boolean savesInput(int input) {
    return f != Binary.ADD && f != Binary.SUB;
  }
}
