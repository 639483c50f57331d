package retort.tensor.op;

import java.util.Locale;
import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Reduction;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// The sum, mean or maximum over a run of neighbouring axes, `from` up to and without `to`; those
/// axes are gone in the result.
public record Reduce(Reduction r, int from, int to) implements Op {
  @Override
  public String name() {
    return r.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Shape shape(Shape... in) {
    if (from < 0 || to > in[0].rank() || from > to) {
      throw ShapeException.of(name(), "axes " + from + " to " + to + " are outside the tensor", in);
    }
    if (r != Reduction.SUM && in[0].span(from, to) == 0) {
      throw ShapeException.of(name(), "has no value over an empty axis", in);
    }
    return in[0].without(from, to);
  }

  @Override
  public void forward(Forward f) {
    Shape x = f.shape(0);
    f.kernels()
        .reduce(
            r, x.span(0, from), x.span(from, to), x.span(to, x.rank()), f.x(0), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    Shape x = b.shape(0);
    boolean max = r == Reduction.MAX;
    b.kernels()
        .reduceGrad(
            r,
            x.span(0, from),
            x.span(from, to),
            x.span(to, x.rank()),
            max ? b.x(0) : null,
            max ? b.y() : null,
            b.dy(),
            b.slot(0));
  }

  @Override
  public boolean savesInput(int input) {
    return r == Reduction.MAX;
  }

  @Override
  public boolean savesOutput() {
    return r == Reduction.MAX;
  }
}
