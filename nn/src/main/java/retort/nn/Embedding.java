package retort.nn;

import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// A table of `count` learned vectors `[count, width]`. Begins standard normal, as PyTorch's does.
public final class Embedding extends Module {
  private final Declared<Parameter> weight;

  public Embedding(int count, int width) {
    weight = parameter("weight", Shape.of(count, width), Init.normal(1));
  }

  public Embedding init(Init ofWeight) {
    weight.init(ofWeight);
    return this;
  }

  public Parameter weight() {
    return weight.get();
  }

  /// The vectors of these indices, `[index.length, width]`.
  public Tensor apply(int... index) {
    return call(() -> weight().gather(index));
  }
}
