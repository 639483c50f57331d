package retort.nn;

import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// A 2-d convolution of images `[n, h, w, c]` with k x k kernels; weight `[out, k, k, in /
/// groups]`. Begins as PyTorch's does.
public final class Conv2d extends Layer {
  private final int stride;
  private final int pad;
  private final int groups;
  private final Declared<Parameter> weight;
  private Declared<Parameter> bias;

  /// Stride 1, no padding.
  public Conv2d(int in, int out, int k) {
    this(in, out, k, 1, 0);
  }

  public Conv2d(int in, int out, int k, int stride, int pad) {
    this(in, out, k, stride, pad, 1);
  }

  /// Each group of output channels reads its own group of input channels; `groups == in` is a
  /// depthwise convolution.
  public Conv2d(int in, int out, int k, int stride, int pad, int groups) {
    if (groups < 1 || in % groups != 0 || out % groups != 0) {
      throw new IllegalArgumentException(
          "conv2d: %d groups must divide the %d inputs and the %d outputs"
              .formatted(groups, in, out));
    }
    this.stride = stride;
    this.pad = pad;
    this.groups = groups;
    weight = parameter("weight", Shape.of(out, k, k, in / groups), Init.torch());
    bias = parameter("bias", Shape.of(out), Init.uniform(1 / Math.sqrt(k * k * (in / groups))));
  }

  /// Before a normalisation a bias changes nothing.
  public Conv2d noBias() {
    undeclare("bias");
    bias = null;
    return this;
  }

  /// Another beginning of the weight.
  public Conv2d init(Init ofWeight) {
    weight.init(ofWeight);
    return this;
  }

  /// Another beginning of the bias, where there is one.
  public Conv2d initBias(Init ofBias) {
    if (bias != null) bias.init(ofBias);
    return this;
  }

  public int out() {
    return weight.shape().at(0);
  }

  public Parameter weight() {
    return weight.get();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.conv2d(weight(), bias == null ? null : bias.get(), stride, pad, groups);
  }
}
