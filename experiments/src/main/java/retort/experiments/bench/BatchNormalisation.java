package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Batch normalisation of images with the ReLU behind it, as a training step runs it: the
/// statistics of the batch, then the map. Going back, the gradients of the images, gamma and beta.
public record BatchNormalisation(Shape x, boolean residual, boolean gradient)
    implements KernelWork {
  public static final double EPS = 1e-5;

  @Override
  public String name() {
    return "batch norm + "
        + (residual ? "add + " : "")
        + ("relu " + x.at(0) + "x" + x.at(1) + "x" + x.at(2) + "x" + x.at(3))
        + (gradient ? " gradient" : "");
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  /// The large arrays alone: x and the residual to y; x, y and dy to dx.
  @Override
  public double amount() {
    return 4.0 * x.size() * (gradient ? residual ? 5 : 4 : residual ? 3 : 2);
  }

  /// Forward: x, gamma, beta, (residual). Gradient: x, gamma, beta, stats, y, dy.
  @Override
  public List<Shape> inputs() {
    Shape c = Shape.of(x.last());
    if (gradient) return List.of(x, c, c, Shape.of(2, x.last()), x, x);
    return residual ? List.of(x, c, c, x) : List.of(x, c, c);
  }

  /// Forward: y, stats. Gradient: dx, dgamma, dbeta, (dresidual).
  @Override
  public List<Shape> outputs() {
    Shape c = Shape.of(x.last());
    if (!gradient) return List.of(x, Shape.of(2, x.last()));
    return residual ? List.of(x, c, c, x) : List.of(x, c, c);
  }

  @Override
  public void derive(Kernels k, Span[] in, Span[] out) {
    if (gradient) {
      k.moments(x.rows(), x.last(), in[0], in[3]);
      k.batchNorm(x.rows(), x.last(), EPS, true, in[0], in[3], in[1], in[2], null, in[4]);
    }
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    int rows = x.rows(), cols = x.last();
    if (!gradient) {
      Span extra = residual ? in[3] : null;
      k.moments(rows, cols, in[0], out[1]);
      k.batchNorm(rows, cols, EPS, true, in[0], out[1], in[1], in[2], extra, out[0]);
    } else {
      Slot dx = new Slot(out[0], false), dgamma = new Slot(out[1], false);
      Slot dbeta = new Slot(out[2], false);
      Slot dresidual = residual ? new Slot(out[3], false) : null;
      Span beta = residual ? null : in[2];
      k.batchNormGrad(
          rows, cols, EPS, true, true, in[0], in[3], in[1], beta, in[4], in[5], dx, dgamma, dbeta,
          dresidual);
    }
  }

  /// Going forward y alone: frameworks keep the statistics in different forms.
  @Override
  public Span[] results(Span[] in, Span[] out) {
    return gradient ? out : new Span[] {out[0]};
  }
}
