package retort.tensor;

import java.util.Arrays;
import java.util.List;
import retort.tensor.op.*;

/// The operations as methods, so that programs read from left to right. Each runs on the current
/// [Tape]; shapes and formulas are in the op's own file. Axes may be negative, counted from the
/// last.
public abstract sealed class TensorOps extends ElementwiseOps permits Tensor {
  TensorOps() {}

  public abstract Shape shape();

  /// See [Dropout].
  public final Tensor dropout(double p, Philox draws) {
    return p == 0 ? self() : run(new Dropout(p, draws));
  }

  // ---- reductions

  /// The sum over some axes, or over all where none is named. The axes are gone in the result.
  public final Tensor sum(int... axes) {
    return reduce(Reduction.SUM, axes);
  }

  public final Tensor mean(int... axes) {
    return reduce(Reduction.MEAN, axes);
  }

  public final Tensor max(int... axes) {
    return reduce(Reduction.MAX, axes);
  }

  private Tensor reduce(Reduction r, int[] axes) {
    if (axes.length == 0) return run(new Reduce(r, 0, shape().rank()));
    int[] sorted = Arrays.stream(axes).map(shape()::axis).sorted().distinct().toArray();
    Tensor t = self();
    for (int end = sorted.length; end > 0; ) { // neighbouring axes go in one pass, the last first
      int begin = end - 1;
      while (begin > 0 && sorted[begin - 1] == sorted[begin] - 1) begin--;
      t = Tape.current().apply(new Reduce(r, sorted[begin], sorted[end - 1] + 1), t);
      end = begin;
    }
    return t;
  }

  /// The index of the first largest number of each row of the last axis, on the host.
  public final int[] argmax() {
    float[] x = self().toFloats();
    int cols = shape().last();
    int[] best = new int[shape().rows()];
    for (int i = 0; i < best.length; i++) {
      for (int j = 1; j < cols; j++) if (x[i * cols + j] > x[i * cols + best[i]]) best[i] = j;
    }
    return best;
  }

  // ---- shapes

  /// The same numbers under another shape, as a view; one extent may be -1.
  public final Tensor reshape(int... dims) {
    int[] d = dims.clone();
    int known = 1, hole = -1;
    for (int i = 0; i < d.length; i++) {
      if (d[i] == -1 && hole < 0) hole = i;
      else known *= d[i];
    }
    if (hole >= 0) d[hole] = known == 0 ? 0 : shape().size() / known;
    Shape to = Shape.of(d);
    if (to.size() != shape().size()) {
      throw ShapeException.of("reshape", "the number of elements must stay", shape(), to);
    }
    return self().view(to, 0);
  }

  public final Tensor reshape(Shape to) {
    return reshape(to.toArray());
  }

  /// `[n, everything else]`
  public final Tensor flatten() {
    return reshape(shape().at(0), -1);
  }

  public final Tensor permute(int... axes) {
    return run(new Permute(Arrays.stream(axes).map(shape()::axis).toArray()));
  }

  /// A matrix's rows as columns.
  public final Tensor transpose() {
    return permute(1, 0);
  }

  /// `length` neighbours along an axis; a view where the axis is the first.
  public final Tensor narrow(int axis, int start, int length) {
    int a = shape().axis(axis);
    if (a > 0) return run(new Narrow(a, start, length, 1));
    Narrow.check("narrow", shape(), 0, start, length, 1);
    return self().view(shape().with(0, length), start * shape().span(1, shape().rank()));
  }

  /// Every `step`-th along an axis, from `start` on.
  public final Tensor slice(int axis, int start, int step) {
    int a = shape().axis(axis);
    return run(new Narrow(a, start, (shape().at(a) - start + step - 1) / step, step));
  }

  /// Equal parts along an axis.
  public final List<Tensor> chunk(int parts, int axis) {
    int n = shape().at(axis);
    if (parts < 1 || n % parts != 0) {
      throw ShapeException.of(
          "chunk", "axis " + axis + " doesn't divide into " + parts + " equal parts", shape());
    }
    Tensor[] out = new Tensor[parts];
    for (int i = 0; i < parts; i++) out[i] = narrow(axis, i * (n / parts), n / parts);
    return List.of(out);
  }

  public final Tensor pad(int axis, int before, int after) {
    return run(new Pad(shape().axis(axis), before, after));
  }

  public final Tensor expand(int... dims) {
    return expand(Shape.of(dims));
  }

  public final Tensor expand(Shape to) {
    return to.equals(shape()) ? self() : run(new Expand(to));
  }

  /// Rows of the first axis; an embedding's look-up.
  public final Tensor gather(int... index) {
    return run(new Gather(index));
  }

  /// Tensors one after another along an axis.
  public static Tensor concat(int axis, Tensor... parts) {
    return Tape.current().apply(new Concat(parts[0].shape().axis(axis)), parts);
  }

  /// The same numbers, through which no gradient flows.
  public final Tensor detach() {
    return self().detachedView();
  }

  // ---- products, convolutions, pooling

  public final Tensor matmul(Tensor b) {
    return matmul(b, false, false);
  }

  public final Tensor matmul(Tensor b, boolean transposeA, boolean transposeB) {
    return run(new Matmul(transposeA, transposeB), b);
  }

  /// x W^T + b, W `[o, i]`; the bias may be null.
  public final Tensor linear(Tensor weight, Tensor bias) {
    return linear(weight, bias, false);
  }

  /// [#linear(Tensor, Tensor)] whose factors may be coarse; see [Product#coarse].
  public final Tensor linear(Tensor weight, Tensor bias, boolean coarse) {
    Linear op = new Linear(coarse);
    return bias == null ? run(op, weight) : run(op, weight, bias);
  }

  /// See [Conv2d]; the bias may be null.
  public final Tensor conv2d(Tensor weight, Tensor bias, int stride, int pad, int groups) {
    Conv2d op = new Conv2d(stride, pad, groups);
    return bias == null ? run(op, weight) : run(op, weight, bias);
  }

  public final Tensor convTranspose2d(Tensor weight, int stride, int pad) {
    return run(new ConvTranspose2d(stride, pad), weight);
  }

  public final Tensor maxPool2d(int k, int stride, int pad) {
    return run(new MaxPool(k, stride, pad));
  }

  public final Tensor avgPool2d(int k, int stride, int pad) {
    return run(new AvgPool(k, stride, pad, true));
  }

  /// `[n, h, w, c]` to `[n, c]`.
  public final Tensor globalAvgPool() {
    return mean(1, 2);
  }

  // ---- normalisation and modulation

  /// See [Moments].
  public final Tensor moments() {
    return run(new Moments());
  }

  /// See [BatchNorm]; the residual may be null.
  public final Tensor batchNorm(
      Tensor gamma, Tensor beta, Tensor stats, Tensor residual, BatchNorm how) {
    Tensor constant = stats.detach();
    return residual == null
        ? run(how, gamma, beta, constant)
        : run(how, gamma, beta, constant, residual);
  }

  /// See [LayerNorm]; gamma and beta may both be null.
  public final Tensor layerNorm(Tensor gamma, Tensor beta, double eps) {
    LayerNorm op = new LayerNorm(eps);
    return gamma == null ? run(op) : run(op, gamma, beta);
  }

  /// See [Modulate].
  public final Tensor modulate(Tensor ada, int shift, int scale) {
    return run(new Modulate(shift, scale), ada);
  }

  /// See [GatedAdd].
  public final Tensor gatedAdd(Tensor ada, int gate, Tensor u) {
    return run(new GatedAdd(gate), ada, u);
  }

  // ---- softmax and losses

  /// See [Attention]; the bias may be null.
  public final Tensor attention(Tensor k, Tensor v, Tensor bias, double scale) {
    Attention op = new Attention(scale);
    return bias == null ? run(op, k, v) : run(op, k, v, bias);
  }

  public final Tensor softmax() {
    return run(new Softmax(false));
  }

  public final Tensor logSoftmax() {
    return run(new Softmax(true));
  }

  /// The cross-entropy of each row of logits with its label, `[n]`.
  public final Tensor crossEntropy(int... labels) {
    return run(new CrossEntropy(0, labels));
  }

  public final Tensor crossEntropy(double smoothing, int... labels) {
    return run(new CrossEntropy(smoothing, labels));
  }

  /// The cross-entropy of each row of logits with a row of target probabilities, `[n]`.
  public final Tensor crossEntropy(Tensor targets) {
    return logSoftmax().mul(targets).sum(-1).neg();
  }

  /// The cross-entropy of each class by itself, its logit's sigmoid against a target in 0 to 1: the
  /// mean over each row, `[n]`. ln(1 + e^x) - t x doesn't overflow.
  public final Tensor binaryCrossEntropy(Tensor targets) {
    return softplus().sub(mul(targets)).mean(-1);
  }

  /// The mean squared difference, a scalar.
  public final Tensor mse(Tensor target) {
    return sub(target).square().mean();
  }
}
