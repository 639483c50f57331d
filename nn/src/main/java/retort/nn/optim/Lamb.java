package retort.nn.optim;

import java.util.Comparator;
import java.util.List;
import retort.nn.Module;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Span;
import retort.tensor.Tensor;

/// LAMB (You et al., "Large batch optimization for deep learning", arXiv 1904.00962) as the timm
/// library has it, by which "ResNet strikes back" (arXiv 2110.00476) trains: Adam's direction, with
/// the decay in it, is made as long as the parameter itself, so that the rate says by which share a
/// layer changes. All gradients together are shortened to a norm of 1 first.
///
/// A parameter without decay is left to Adam: its step isn't measured by its length. timm gives
/// vectors (biases, normalisations) none; see [ParameterGroup#vectors].
public final class Lamb extends Optimiser {
  private static final double EPS = 1e-6, LONGEST = 1;
  private final double beta1, beta2;
  private final Span scratch;

  public Lamb(Module module, double beta1, double beta2, ParameterGroup... groups) {
    super(module, 2, List.of(groups));
    this.beta1 = checked("lamb: beta1", beta1);
    this.beta2 = checked("lamb: beta2", beta2);
    Parameter largest =
        module.parameters().values().stream()
            .filter(Parameter::wantsGrad)
            .max(Comparator.comparingInt(p -> p.shape().size()))
            .orElseThrow();
    Shape all = Shape.of(largest.shape().size());
    scratch = Tensor.persistent(largest.device(), all, new float[all.size()]).span();
  }

  @Override
  void prepare() {
    shorten(LONGEST, 0);
  }

  @Override
  void update(Entry e, Span gradient, double rate, long step) {
    var k = e.kernels();
    Span w = e.parameter().span(), direction = scratch.slice(0, w.size());
    double decay = e.group().weightDecay();
    k.fill(0, direction); // from zero, Adam's step at a rate of -1 is the direction itself
    k.adamW(
        -1,
        beta1,
        beta2,
        EPS,
        0,
        1 - Math.pow(beta1, step),
        1 - Math.pow(beta2, step),
        gradient,
        e.state().get(0).span(),
        e.state().get(1).span(),
        direction);
    k.axpby(decay, w, 1, direction);
    if (decay == 0) k.axpby(-rate, direction, 1, w);
    else k.lamb(rate, direction, w);
  }

  @Override
  List<String> stateNames() {
    return List.of("m", "v");
  }
}
