package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Adaptive modulation x (1 + scale) + shift, the shifts and scales being the two halves of ada, or
/// its way back: dx and dada.
public record Modulation(int rows, int cols, boolean gradient) implements KernelWork {
  @Override
  public String name() {
    return "modulate " + rows + "x" + cols + (gradient ? " gradient" : "");
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  @Override
  public double amount() {
    return bytes();
  }

  /// x, ada, (dy)
  @Override
  public List<Shape> inputs() {
    Shape x = Shape.of(rows, cols), ada = Shape.of(rows, 2 * cols);
    return gradient ? List.of(x, ada, x) : List.of(x, ada);
  }

  /// y, or dx and dada
  @Override
  public List<Shape> outputs() {
    Shape x = Shape.of(rows, cols), ada = Shape.of(rows, 2 * cols);
    return gradient ? List.of(x, ada) : List.of(x);
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    if (!gradient) {
      k.modulate(rows, cols, 2 * cols, 0, cols, in[0], in[1], out[0]);
    } else {
      k.fill(0, out[1]); // dada adds, so the time to clear it is part of the work
      Slot dx = new Slot(out[0], false), dada = new Slot(out[1], true);
      k.modulateGrad(rows, cols, 2 * cols, 0, cols, in[0], in[1], in[2], dx, dada);
    }
  }
}
