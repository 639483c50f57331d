package retort.gendd.generative;

import java.util.function.UnaryOperator;
import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// The smallest and largest value that each number of the target has had in training. Holding
/// predicted clean tokens within it keeps an imperfect noise prediction, which the noisiest steps
/// multiply by up to 1 / sqrt(alphaBar), from running away.
final class TargetRange extends Module {
  private final int width;
  private final Declared<Tensor> low;
  private final Declared<Tensor> high;

  TargetRange(int width) {
    this.width = width;
    low = buffer("low", Shape.of(width), Init.constant(Float.MAX_VALUE));
    high = buffer("high", Shape.of(width), Init.constant(-Float.MAX_VALUE));
  }

  /// @param target `[n, width]`
  void widen(Tensor target) {
    low.get().blend(0, 1, low.get().minimum(target.neg().max(0).neg()));
    high.get().blend(0, 1, high.get().maximum(target.max(0)));
  }

  /// Holds tokens `[n count, token]` within the range. Whether there is one is read here, not with
  /// every step of a sampler.
  UnaryOperator<Tensor> guard() {
    if (low.get().toFloats()[0] > high.get().toFloats()[0]) {
      throw new IllegalStateException(
          "clipping wants the range of the targets, but no training step has seen one yet");
    }
    return this::clip;
  }

  private Tensor clip(Tensor tokens) {
    Tensor feature = tokens.reshape(-1, width);
    return feature.maximum(low.get()).minimum(high.get()).reshape(tokens.shape());
  }
}
