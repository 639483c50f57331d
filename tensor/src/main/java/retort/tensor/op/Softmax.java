package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;

/// softmax over the last axis, or its logarithm.
public record Softmax(boolean log) implements Op {
  @Override
  public String name() {
    return log ? "logSoftmax" : "softmax";
  }

  @Override
  public Shape shape(Shape... in) {
    if (in[0].rank() < 1) throw ShapeException.of(name(), "wants x [.., c]", in);
    return in[0];
  }

  @Override
  public void forward(Forward f) {
    f.kernels().softmax(f.shape(0).rows(), f.shape(0).last(), log, f.x(0), f.y());
  }

  @Override
  public void backward(Back b) {
    b.kernels().softmaxGrad(b.shape(0).rows(), b.shape(0).last(), log, b.y(), b.dy(), b.slot(0));
  }

  @Override
  public boolean savesInput(int input) {
    return false;
  }

  @Override
  public boolean savesOutput() {
    return true;
  }
}
