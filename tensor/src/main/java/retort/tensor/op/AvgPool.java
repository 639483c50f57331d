package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Pooling;
import retort.tensor.Shape;

/// The mean of each k x k window of x `[n, h, w, c]`, a channel by itself. Padding counts as zeros.
public record AvgPool(int k, int stride, int pad, boolean countPad) implements Op {
  @Override
  public Shape shape(Shape... in) {
    return geometry(in[0]).y();
  }

  private Pooling geometry(Shape x) {
    return MaxPool.geometry(name(), x, k, stride, pad, countPad);
  }

  @Override
  public void forward(Forward f) {
    f.kernels().avgPool(geometry(f.shape(0)), f.x(0), f.y());
  }

  @Override
  public void backward(Back b) {
    b.kernels().avgPoolGrad(geometry(b.shape(0)), b.dy(), b.slot(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }
}
