package retort.experiments.bench;

import java.util.List;
import retort.tensor.Convolution;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// One of the three passes of a convolution. Its operations are counted as those of the direct
/// algorithm without regard to the border, for ours and the peers alike: an algorithm that needs
/// fewer may pass the machine's peak.
public record ConvolutionPass(Family family, Convolution convolution, Pass pass)
    implements KernelWork {
  /// Which array is computed from the other two.
  public enum Pass {
    FORWARD("forward"),
    GRAD_INPUT("grad input"),
    GRAD_WEIGHT("grad weight");

    private final String label;

    Pass(String label) {
      this.label = label;
    }
  }

  @Override
  public String name() {
    Convolution g = convolution;
    return (g.groups() > 1 ? "depthwise " : "conv ")
        + (g.kh() + "x" + g.kw() + (g.stride() > 1 ? "/" + g.stride() : ""))
        + (" " + (g.groups() > 1 ? g.c() : g.c() + "->" + g.f()))
        + (" at " + g.h() + "x" + g.w() + " b" + g.n() + " " + pass.label);
  }

  @Override
  public double amount() {
    return 2.0 * convolution.macs();
  }

  /// Forward: x, weight. Grad input: dy, weight. Grad weight: dy, x.
  @Override
  public List<Shape> inputs() {
    return switch (pass) {
      case FORWARD -> List.of(convolution.x(), convolution.weight());
      case GRAD_INPUT -> List.of(convolution.y(), convolution.weight());
      case GRAD_WEIGHT -> List.of(convolution.y(), convolution.x());
    };
  }

  @Override
  public List<Shape> outputs() {
    return List.of(
        switch (pass) {
          case FORWARD -> convolution.y();
          case GRAD_INPUT -> convolution.x();
          case GRAD_WEIGHT -> convolution.weight();
        });
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    Slot y = new Slot(out[0], false);
    switch (pass) {
      case FORWARD -> k.conv(convolution, in[0], in[1], null, y);
      case GRAD_INPUT -> k.convGradInput(convolution, in[0], in[1], y);
      case GRAD_WEIGHT -> k.convGradWeight(convolution, in[0], in[1], y);
    }
  }
}
