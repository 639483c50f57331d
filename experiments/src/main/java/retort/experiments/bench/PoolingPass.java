package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Pooling;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Maxima of windows, or the way back from them.
public record PoolingPass(Pooling pooling, boolean gradient) implements KernelWork {
  @Override
  public String name() {
    Pooling g = pooling;
    return "max pool "
        + (g.k() + "x" + g.k() + "/" + g.stride() + " " + g.n() + "x" + g.h() + "x" + g.w())
        + ("x" + g.c() + (gradient ? " gradient" : ""));
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  @Override
  public double amount() {
    return bytes();
  }

  private Shape x() {
    return Shape.of(pooling.n(), pooling.h(), pooling.w(), pooling.c());
  }

  /// x; for the gradient x, y, dy
  @Override
  public List<Shape> inputs() {
    return gradient ? List.of(x(), pooling.y(), pooling.y()) : List.of(x());
  }

  @Override
  public List<Shape> outputs() {
    return List.of(gradient ? x() : pooling.y());
  }

  @Override
  public void derive(Kernels k, Span[] in, Span[] out) {
    if (gradient) k.maxPool(pooling, in[0], in[1]);
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    if (gradient) k.maxPoolGrad(pooling, in[0], in[1], in[2], new Slot(out[0], false));
    else k.maxPool(pooling, in[0], out[0]);
  }
}
