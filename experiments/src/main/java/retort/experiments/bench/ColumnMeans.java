package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Reduction;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// The means over the places of images `[n, h, w, c]`: global average pooling.
public record ColumnMeans(Shape x) implements KernelWork {
  @Override
  public String name() {
    return "global average pool " + x.at(0) + "x" + x.at(1) + "x" + x.at(2) + "x" + x.at(3);
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  @Override
  public double amount() {
    return bytes();
  }

  @Override
  public List<Shape> inputs() {
    return List.of(x);
  }

  @Override
  public List<Shape> outputs() {
    return List.of(Shape.of(x.at(0), x.last()));
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    Slot y = new Slot(out[0], false);
    k.reduce(Reduction.MEAN, x.at(0), x.at(1) * x.at(2), x.last(), in[0], y);
  }
}
