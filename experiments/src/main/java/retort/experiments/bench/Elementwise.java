package retort.experiments.bench;

import java.util.List;
import java.util.Locale;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// A function of one number over an array, or its way back: dx from dy and from x or y, whichever
/// the slope is written in.
public record Elementwise(Unary function, boolean gradient, int size) implements KernelWork {
  @Override
  public String name() {
    String f = function.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return f + (gradient ? " gradient " : " ") + Size.of(4L * size);
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  @Override
  public double amount() {
    return bytes();
  }

  /// x; for the gradient x or y, then dy.
  @Override
  public List<Shape> inputs() {
    Shape x = Shape.of(size);
    return gradient ? List.of(x, x) : List.of(x);
  }

  @Override
  public List<Shape> outputs() {
    return List.of(Shape.of(size));
  }

  @Override
  public void derive(Kernels k, Span[] in, Span[] out) {
    if (gradient && function.slopeFromOutput()) k.unary(function, 0, 0, in[0], in[0]);
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    if (!gradient) {
      k.unary(function, 0, 0, in[0], out[0]);
    } else {
      boolean fromOutput = function.slopeFromOutput();
      Span x = fromOutput ? null : in[0], y = fromOutput ? in[0] : null;
      k.unaryGrad(function, 0, 0, x, y, in[1], new Slot(out[0], false));
    }
  }
}
