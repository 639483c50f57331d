package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Pooling;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// The maximum of each k x k window of x `[n, h, w, c]`, a channel by itself.
public record MaxPool(int k, int stride, int pad) implements Op {
  @Override
  public Shape shape(Shape... in) {
    return geometry(name(), in[0], k, stride, pad, true).y();
  }

  static Pooling geometry(String op, Shape x, int k, int stride, int pad, boolean countPad) {
    if (x.rank() != 4) throw ShapeException.of(op, "wants x [n, h, w, c]", x);
    if (k < 1 || stride < 1 || pad < 0 || 2 * pad > k) {
      throw ShapeException.of(
          op,
          "wants pad at most half the window; k " + k + ", stride " + stride + ", pad " + pad,
          x);
    }
    if (x.at(1) + 2 * pad < k || x.at(2) + 2 * pad < k) {
      throw ShapeException.of(op, "the window " + k + " is larger than the padded image", x);
    }
    return new Pooling(x.at(0), x.at(1), x.at(2), x.at(3), k, stride, pad, countPad);
  }

  @Override
  public void forward(Forward f) {
    f.kernels().maxPool(geometry(name(), f.shape(0), k, stride, pad, true), f.x(0), f.y());
  }

  @Override
  public void backward(Back b) {
    b.kernels()
        .maxPoolGrad(
            geometry(name(), b.shape(0), k, stride, pad, true), b.x(0), b.y(), b.dy(), b.slot(0));
  }

  @Override
  public boolean savesOutput() {
    return true;
  }
}
