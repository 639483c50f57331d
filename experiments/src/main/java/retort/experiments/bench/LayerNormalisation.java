package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Layer normalisation of rows with gamma and beta, or its way back.
public record LayerNormalisation(int rows, int cols, boolean gradient) implements KernelWork {
  public static final double EPS = 1e-6;

  @Override
  public String name() {
    return "layer norm " + rows + "x" + cols + (gradient ? " gradient" : "");
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  @Override
  public double amount() {
    return bytes();
  }

  /// Forward: x, gamma, beta. Gradient: x, gamma, beta, stats, dy.
  @Override
  public List<Shape> inputs() {
    Shape x = Shape.of(rows, cols), c = Shape.of(cols);
    return gradient ? List.of(x, c, c, Shape.of(rows, 2), x) : List.of(x, c, c);
  }

  /// Forward: y, stats. Gradient: dx, dgamma, dbeta.
  @Override
  public List<Shape> outputs() {
    Shape x = Shape.of(rows, cols), c = Shape.of(cols);
    return gradient ? List.of(x, c, c) : List.of(x, Shape.of(rows, 2));
  }

  @Override
  public void derive(Kernels k, Span[] in, Span[] out) {
    if (gradient) k.layerNorm(rows, cols, EPS, in[0], in[1], in[2], in[3], out[0]);
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    if (!gradient) {
      k.layerNorm(rows, cols, EPS, in[0], in[1], in[2], out[1], out[0]);
    } else {
      Slot dx = new Slot(out[0], false), dgamma = new Slot(out[1], false);
      Slot dbeta = new Slot(out[2], false);
      k.layerNormGrad(rows, cols, in[0], in[1], in[3], in[4], dx, dgamma, dbeta);
    }
  }

  /// Going forward y alone: frameworks keep the statistics in different forms.
  @Override
  public Span[] results(Span[] in, Span[] out) {
    return gradient ? out : new Span[] {out[0]};
  }
}
