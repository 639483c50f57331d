package retort.nn.optim;

import java.util.List;
import retort.nn.Module;
import retort.tensor.Span;

/// Stochastic gradient descent with momentum as PyTorch has it: v = momentum v + g, w -= rate v, or
/// with Nesterov's look-ahead w -= rate (g + momentum v). Weight decay adds decay w to g.
public final class Sgd extends Optimiser {
  private final double momentum;
  private final boolean nesterov;

  /// One weight decay for all.
  public Sgd(Module module, double momentum, double weightDecay) {
    this(module, momentum, false, ParameterGroup.all(weightDecay));
  }

  public Sgd(Module module, double momentum, boolean nesterov, ParameterGroup... groups) {
    super(module, momentum == 0 ? 0 : 1, List.of(groups));
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException("sgd: the momentum must lie in [0, 1), got " + momentum);
    }
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  @Override
  void update(Entry e, Span gradient, double rate, long step) {
    Span velocity = momentum == 0 ? null : e.state().getFirst().span();
    double decay = e.group().weightDecay();
    e.kernels().sgd(rate, momentum, nesterov, decay, gradient, velocity, e.parameter().span());
  }

  @Override
  List<String> stateNames() {
    return List.of("velocity");
  }
}
