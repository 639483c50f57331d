package retort.nn.optim;

import java.util.List;
import retort.nn.Module;
import retort.tensor.Span;

/// Adam with weight decay apart from the gradient (Loshchilov and Hutter, "Decoupled weight decay
/// regularization", arXiv 1711.05101), as PyTorch has it. beta2 may change from step to step; the
/// bias correction then is 1 - beta2^step with the *current* beta2, which is what PyTorch does.
public final class AdamW extends Optimiser {
  private static final double EPS = 1e-8;

  private final double beta1;
  private double beta2;

  /// Betas .9 and .999, one weight decay for all.
  public AdamW(Module module, double weightDecay) {
    this(module, .9, .999, ParameterGroup.all(weightDecay));
  }

  public AdamW(Module module, double beta1, double beta2, ParameterGroup... groups) {
    super(module, 2, List.of(groups));
    this.beta1 = checked("adamW: beta1", beta1);
    this.beta2 = checked("adamW: beta2", beta2);
  }

  /// Changes beta2 for the steps to come.
  public void beta2(double value) {
    beta2 = checked("adamW: beta2", value);
  }

  @Override
  void update(Entry e, Span gradient, double rate, long step) {
    e.kernels()
        .adamW(
            rate,
            beta1,
            beta2,
            EPS,
            e.group().weightDecay(),
            1 - Math.pow(beta1, step),
            1 - Math.pow(beta2, step),
            gradient,
            e.state().get(0).span(),
            e.state().get(1).span(),
            e.parameter().span());
  }

  @Override
  List<String> stateNames() {
    return List.of("m", "v");
  }
}
