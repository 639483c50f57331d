package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Span;

/// One update of one array of weights, in place: SGD with momentum and weight decay, or AdamW (its
/// first step).
public record OptimiserUpdate(boolean adamW, int size) implements KernelWork {
  public static final double RATE = 1e-3;
  public static final double MOMENTUM = 0.9;
  public static final double DECAY = 5e-4;
  public static final double BETA1 = 0.9;
  public static final double BETA2 = 0.999;
  public static final double EPS = 1e-8;

  @Override
  public String name() {
    return (adamW ? "adamw " : "sgd with momentum ") + Size.of(4L * size);
  }

  @Override
  public Family family() {
    return Family.MEMORY;
  }

  /// The gradient is read; weights and moments are read and written.
  @Override
  public double amount() {
    return 4.0 * size * (adamW ? 7 : 5);
  }

  /// gradient, weights, and one moment or two
  @Override
  public List<Shape> inputs() {
    Shape w = Shape.of(size);
    return adamW ? List.of(w, w, w, w) : List.of(w, w, w);
  }

  @Override
  public List<Shape> outputs() {
    return List.of();
  }

  /// An optimiser's moments begin at zero.
  @Override
  public void derive(Kernels k, Span[] in, Span[] out) {
    for (int i = 2; i < in.length; i++) k.fill(0, in[i]);
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    if (adamW) {
      k.adamW(RATE, BETA1, BETA2, EPS, DECAY, 1 - BETA1, 1 - BETA2, in[0], in[2], in[3], in[1]);
    } else {
      k.sgd(RATE, MOMENTUM, false, DECAY, in[0], in[2], in[1]);
    }
  }

  @Override
  public Span[] results(Span[] in, Span[] out) {
    return new Span[] {in[1]};
  }
}
