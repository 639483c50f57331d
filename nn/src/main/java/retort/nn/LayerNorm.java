package retort.nn;

import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tensor;

/// Layer normalisation of rows `[.., d]` (Ba, Kiros and Hinton, arXiv 1607.06450).
public final class LayerNorm extends Layer {
  private final int width;
  private final double eps;
  private final Declared<Parameter> weight;
  private final Declared<Parameter> bias;

  /// With scale and shift, eps 1e-5.
  public LayerNorm(int width) {
    this(width, 1e-5, true);
  }

  public LayerNorm(int width, double eps, boolean affine) {
    this.width = width;
    this.eps = eps;
    weight = affine ? parameter("weight", Shape.of(width), Init.ones()) : null;
    bias = affine ? parameter("bias", Shape.of(width), Init.zeros()) : null;
  }

  /// The scale `[width]`, or null.
  public Parameter weight() {
    return weight == null ? null : weight.get();
  }

  /// What is added to the variance.
  public double eps() {
    return eps;
  }

  @Override
  protected Tensor forward(Tensor x) {
    if (x.shape().rank() == 0 || x.shape().last() != width) {
      throw ShapeException.of("layerNorm", "wants x [.., " + width + "]", x.shape());
    }
    return weight == null
        ? x.layerNorm(null, null, eps)
        : x.layerNorm(weight.get(), bias.get(), eps);
  }
}
