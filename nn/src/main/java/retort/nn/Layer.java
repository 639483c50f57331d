package retort.nn;

import java.util.function.UnaryOperator;
import retort.tensor.Tensor;

/// A module that is a function of one tensor. Write [#forward], call [#apply].
public abstract class Layer extends Module {
  protected Layer() {}

  protected abstract Tensor forward(Tensor x);

  public final Tensor apply(Tensor x) {
    return call(() -> forward(x));
  }

  /// A layer without parameters, such as `Layer.of(Tensor::relu)`.
  public static Layer of(UnaryOperator<Tensor> function) {
    return new Layer() {
      @Override
      protected Tensor forward(Tensor x) {
        return function.apply(x);
      }
    };
  }
}
