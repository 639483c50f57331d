package retort.experiments.bench;

import java.util.List;
import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Span;

/// The sum of two arrays, number by number.
public record Addition(int size) implements KernelWork {
  @Override
  public String name() {
    return "add " + Size.of(4L * size);
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
    return List.of(Shape.of(size), Shape.of(size));
  }

  @Override
  public List<Shape> outputs() {
    return List.of(Shape.of(size));
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    Shape s = Shape.of(size);
    k.binary(Binary.ADD, Broadcast.of("add", s, s), in[0], in[1], out[0]);
  }
}
