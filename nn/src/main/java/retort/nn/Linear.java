package retort.nn;

import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// y = x W^T + b for rows x `[.., in]`, W `[out, in]`. Begins as PyTorch's does.
public final class Linear extends Layer {
  private final Declared<Parameter> weight;
  private Declared<Parameter> bias;
  private boolean coarse;

  public Linear(int in, int out) {
    weight = parameter("weight", Shape.of(out, in), Init.torch());
    bias = parameter("bias", Shape.of(out), Init.uniform(1 / Math.sqrt(in)));
  }

  public Linear noBias() {
    undeclare("bias");
    bias = null;
    return this;
  }

  /// Bears factors that are rounded to bfloat16; a device does so where its user asks for it.
  public Linear coarse() {
    coarse = true;
    return this;
  }

  /// Other beginnings; the bias's has no effect where there is none.
  public Linear init(Init ofWeight, Init ofBias) {
    weight.init(ofWeight);
    if (bias != null) bias.init(ofBias);
    return this;
  }

  public int in() {
    return weight.shape().at(1);
  }

  public int out() {
    return weight.shape().at(0);
  }

  public Parameter weight() {
    return weight.get();
  }

  /// The bias `[out]`, or null.
  public Parameter bias() {
    return bias == null ? null : bias.get();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return x.linear(weight(), bias(), coarse);
  }
}
