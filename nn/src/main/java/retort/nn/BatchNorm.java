package retort.nn;

import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tensor;
import retort.tensor.TensorOps;

/// Batch normalisation of channels-last tensors `[.., c]` (Ioffe and Szegedy, arXiv 1502.03167). In
/// training it normalises by the batch and lets the running statistics follow it (new = 0.9 old +
/// 0.1 batch, the variance unbiased, as PyTorch); in evaluation it normalises by those.
///
/// [#relu] fuses the ReLU, and the residual add before it, into the same pass over memory. Where a
/// tap watches, the two run one after the other, and the tap sees the value before the ReLU.
public final class BatchNorm extends Layer {
  private static final double MOMENTUM = 0.1;

  private final double eps;
  private final Declared<Parameter> weight;
  private final Declared<Parameter> bias;
  private final Declared<Tensor> mean;
  private final Declared<Tensor> var;

  public BatchNorm(int channels) {
    this(channels, 1e-5);
  }

  public BatchNorm(int channels, double eps) {
    this.eps = eps;
    Shape c = Shape.of(channels);
    weight = parameter("weight", c, Init.ones());
    bias = parameter("bias", c, Init.zeros());
    mean = buffer("running_mean", c, Init.zeros());
    var = buffer("running_var", c, Init.ones());
  }

  /// Another beginning of the scale, such as zeros for the last of a residual block.
  public BatchNorm init(Init ofWeight) {
    weight.init(ofWeight);
    return this;
  }

  public Parameter weight() {
    return weight.get();
  }

  public Parameter bias() {
    return bias.get();
  }

  /// `[c]`
  public Tensor runningMean() {
    return mean.get();
  }

  /// `[c]`
  public Tensor runningVar() {
    return var.get();
  }

  @Override
  protected Tensor forward(Tensor x) {
    return normalise(x, null, false);
  }

  /// `apply(x) + residual`
  public Tensor add(Tensor x, Tensor residual) {
    return call(() -> normalise(x, residual, false));
  }

  /// `relu(apply(x))`
  public Tensor relu(Tensor x) {
    return relu(x, null);
  }

  /// `relu(apply(x) + residual)`; the residual may be null.
  public Tensor relu(Tensor x, Tensor residual) {
    return isTapped()
        ? call(() -> normalise(x, residual, false)).relu()
        : call(() -> normalise(x, residual, true));
  }

  /// `relu(keep apply(x) + residual)`, where `keep` `[n, 1, 1, 1]` scales each image's.
  public Tensor relu(Tensor x, Tensor keep, Tensor residual) {
    return call(() -> normalise(x, null, false).mul(keep).add(residual)).relu();
  }

  private Tensor normalise(Tensor x, Tensor residual, boolean relu) {
    var how = new retort.tensor.op.BatchNorm(eps, relu, isTraining());
    return x.batchNorm(
        weight(), bias(), isTraining() ? batchStats(x) : runningStats(), residual, how);
  }

  private Tensor runningStats() {
    int c = mean.shape().size();
    return TensorOps.concat(0, mean.get().reshape(1, c), var.get().reshape(1, c));
  }

  private Tensor batchStats(Tensor x) {
    int rows = x.shape().rows(), c = mean.shape().size();
    if (x.shape().last() != c) return runningStats(); // the op refuses the channels with its rule
    if (rows < 2) {
      throw ShapeException.of(
          "batchNorm", "wants more than one value a channel to train on; call eval()", x.shape());
    }
    Tensor stats = x.detach().moments();
    double unbiased = rows / (rows - 1.0);
    mean.get().blend(1 - MOMENTUM, MOMENTUM, stats.narrow(0, 0, 1).reshape(c));
    var.get().blend(1 - MOMENTUM, MOMENTUM * unbiased, stats.narrow(0, 1, 1).reshape(c));
    return stats;
  }
}
