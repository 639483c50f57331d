package retort.experiments.bench.peers;

import java.util.function.Supplier;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.pytorch.AdamW;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.LongArrayRefOptional;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import retort.experiments.bench.Addition;
import retort.experiments.bench.BatchNormalisation;
import retort.experiments.bench.ColumnMeans;
import retort.experiments.bench.ConvolutionPass;
import retort.experiments.bench.Elementwise;
import retort.experiments.bench.KernelWork;
import retort.experiments.bench.LayerNormalisation;
import retort.experiments.bench.MatrixProduct;
import retort.experiments.bench.Modulation;
import retort.experiments.bench.OptimiserUpdate;
import retort.experiments.bench.PoolingPass;
import retort.experiments.bench.SoftmaxRows;
import retort.tensor.Convolution;

/// Each kernel's work in the calls that an eager PyTorch program, or its autograd, makes for it. A
/// gradient gets exactly those results that ours computes. What autograd has at hand from the
/// forward pass is prepared before the clock.
final class Eager {
  /// An argument left out.
  static final TensorOptional NONE = new TensorOptional();

  private static final long[] ONES = {1, 1};

  private Eager() {}

  /// How to do a work on its inputs, or null where PyTorch hands it to OpenBLAS.
  static Supplier<Tensor[]> of(KernelWork work, Tensor[] in, Layout layout) {
    return switch (work) {
      case MatrixProduct _ -> null;
      case ConvolutionPass w -> convolution(w, in, layout);
      case Elementwise w -> one(w.gradient() ? slope(w, in) : map(w, in[0]));
      case Addition _ -> one(() -> torch.add(in[0], in[1]));
      case BatchNormalisation w -> w.gradient() ? batchNormGrad(w, in) : batchNorm(w, in);
      case LayerNormalisation w -> layerNorm(w, in);
      case Modulation w -> modulation(w, in);
      case SoftmaxRows w ->
          w.crossEntropy() ? crossEntropy(w, in) : one(() -> torch.softmax(in[0], 1));
      case PoolingPass w -> pooling(w, in);
      case ColumnMeans _ -> one(() -> torch.adaptive_avg_pool2d(in[0], ONES));
      case OptimiserUpdate w -> optimiser(w, in);
    };
  }

  private static Supplier<Tensor[]> one(Supplier<Tensor> way) {
    return () -> new Tensor[] {way.get()};
  }

  private static Supplier<Tensor[]> convolution(ConvolutionPass w, Tensor[] in, Layout layout) {
    Convolution g = w.convolution();
    long[] stride = {g.stride(), g.stride()}, pad = {g.pad(), g.pad()}, zero = {0, 0};
    return switch (w.pass()) {
      case FORWARD -> one(() -> torch.conv2d(in[0], in[1], NONE, stride, pad, ONES, g.groups()));
      case GRAD_INPUT -> {
        Tensor x = layout.tensor(new float[g.x().size()], g.x()); // for its shape alone
        BoolPointer mask = mask(true, false, false);
        yield one(() ->
            torch
                .convolution_backward(
                    in[0],
                    x,
                    in[1],
                    new LongArrayRefOptional(),
                    stride,
                    pad,
                    ONES,
                    false,
                    zero,
                    g.groups(),
                    mask)
                .get0());
      }
      case GRAD_WEIGHT -> {
        Tensor weight = layout.tensor(new float[g.weight().size()], g.weight());
        BoolPointer mask = mask(false, true, false);
        yield one(() ->
            torch
                .convolution_backward(
                    in[0],
                    in[1],
                    weight,
                    new LongArrayRefOptional(),
                    stride,
                    pad,
                    ONES,
                    false,
                    zero,
                    g.groups(),
                    mask)
                .get1());
      }
    };
  }

  private static BoolPointer mask(boolean first, boolean second, boolean third) {
    return new BoolPointer(3).put(0, first).put(1, second).put(2, third);
  }

  private static Supplier<Tensor> map(Elementwise w, Tensor x) {
    return switch (w.function()) {
      case RELU -> () -> torch.relu(x);
      case EXP -> () -> torch.exp(x);
      case SIGMOID -> () -> torch.sigmoid(x);
      case TANH -> () -> torch.tanh(x);
      case SILU -> () -> torch.silu(x);
      case GELU -> () -> torch.gelu(x);
      default -> throw new IllegalArgumentException("no PyTorch call is known for " + w.name());
    };
  }

  private static Supplier<Tensor> slope(Elementwise w, Tensor[] in) {
    Tensor x = in[0], dy = in[1];
    Scalar zero = new Scalar(0f);
    return switch (w.function()) {
      case RELU -> () -> torch.threshold_backward(dy, x, zero);
      case SIGMOID -> () -> torch.sigmoid_backward(dy, x);
      case TANH -> () -> torch.tanh_backward(dy, x);
      case SILU -> () -> torch.silu_backward(dy, x);
      case GELU -> () -> torch.gelu_backward(dy, x);
      default -> throw new IllegalArgumentException("no PyTorch call is known for " + w.name());
    };
  }

  private static Supplier<Tensor[]> batchNorm(BatchNormalisation w, Tensor[] in) {
    TensorOptional gamma = new TensorOptional(in[1]), beta = new TensorOptional(in[2]);
    return one(() -> {
      Tensor y =
          torch
              .native_batch_norm(in[0], gamma, beta, NONE, NONE, true, 0.1, BatchNormalisation.EPS)
              .get0();
      if (w.residual()) y = y.add_(in[3]);
      return torch.relu_(y);
    });
  }

  private static Supplier<Tensor[]> batchNormGrad(BatchNormalisation w, Tensor[] in) {
    Tensor x = in[0], stats = in[3], y = in[4], dy = in[5];
    TensorOptional gamma = new TensorOptional(in[1]);
    TensorOptional mean = new TensorOptional(stats.select(0, 0).clone());
    Tensor deviation = stats.select(0, 1).add(new Scalar(BatchNormalisation.EPS)).sqrt();
    TensorOptional inverse = new TensorOptional(deviation.reciprocal());
    BoolPointer all = mask(true, true, true);
    Scalar zero = new Scalar(0f);
    return () -> {
      Tensor masked = torch.threshold_backward(dy, y, zero);
      T_TensorTensorTensor_T d =
          torch.native_batch_norm_backward(
              masked, x, gamma, NONE, NONE, mean, inverse, true, BatchNormalisation.EPS, all);
      return w.residual()
          ? new Tensor[] {d.get0(), d.get1(), d.get2(), masked}
          : new Tensor[] {d.get0(), d.get1(), d.get2()};
    };
  }

  private static Supplier<Tensor[]> layerNorm(LayerNormalisation w, Tensor[] in) {
    TensorOptional gamma = new TensorOptional(in[1]), beta = new TensorOptional(in[2]);
    long[] cols = {w.cols()};
    if (!w.gradient()) {
      return one(() -> torch.layer_norm(in[0], cols, gamma, beta, LayerNormalisation.EPS, false));
    }
    Tensor mean = in[3].narrow(1, 0, 1).contiguous(), inverse = in[3].narrow(1, 1, 1).contiguous();
    BoolPointer all = mask(true, true, true);
    return () -> {
      T_TensorTensorTensor_T d =
          torch.native_layer_norm_backward(in[4], in[0], cols, mean, inverse, gamma, beta, all);
      return new Tensor[] {d.get0(), d.get1(), d.get2()};
    };
  }

  private static Supplier<Tensor[]> modulation(Modulation w, Tensor[] in) {
    Scalar one = new Scalar(1f);
    int cols = w.cols();
    if (!w.gradient()) {
      return one(() -> {
        Tensor shift = in[1].narrow(1, 0, cols), scale = in[1].narrow(1, cols, cols);
        return in[0].mul(scale.add(one)).add(shift);
      });
    }
    Tensor factor = in[1].narrow(1, cols, cols).add(one), dy = in[2];
    return () -> {
      Tensor dscale = dy.mul(in[0]);
      return new Tensor[] {dy.mul(factor), torch.cat(new TensorVector(dy, dscale), 1)};
    };
  }

  /// The gradient of a log-softmax has no call of its own here: autograd is asked for it.
  private static Supplier<Tensor[]> crossEntropy(SoftmaxRows w, Tensor[] in) {
    long[] labels = new long[w.rows()];
    for (int i = 0; i < labels.length; i++) labels[i] = w.labels()[i];
    Tensor target = Labels.tensor(labels), x = in[0].requires_grad_(true);
    return () -> {
      x.mutable_grad().reset();
      Tensor loss = torch.cross_entropy_loss(x, target, NONE, 0, -100, 0);
      loss.backward(in[1], Labels.UNSET, false, Labels.ALL);
      return new Tensor[] {x.grad(), loss};
    };
  }

  private static Supplier<Tensor[]> pooling(PoolingPass w, Tensor[] in) {
    var g = w.pooling();
    long[] k = {g.k(), g.k()}, stride = {g.stride(), g.stride()}, pad = {g.pad(), g.pad()};
    if (!w.gradient()) {
      return one(() -> torch.max_pool2d(in[0], k, stride, pad, ONES, false));
    }
    T_TensorTensor_T found = torch.max_pool2d_with_indices(in[0], k, stride, pad, ONES, false);
    Tensor places = new Tensor(found.get1()); // get1() lies in `found`, which nobody keeps
    return one(() ->
        torch.max_pool2d_with_indices_backward(in[2], in[0], k, stride, pad, ONES, false, places));
  }

  private static Supplier<Tensor[]> optimiser(OptimiserUpdate w, Tensor[] in) {
    Tensor weights = in[1].requires_grad_(true);
    weights.mutable_grad().put(in[0]);
    TensorVector parameters = new TensorVector(weights);
    Optimizer optimiser;
    if (w.adamW()) {
      AdamWOptions options = new AdamWOptions(OptimiserUpdate.RATE);
      options.betas().put(0, OptimiserUpdate.BETA1).put(1, OptimiserUpdate.BETA2);
      options.eps().put(OptimiserUpdate.EPS);
      options.weight_decay().put(OptimiserUpdate.DECAY);
      optimiser = new AdamW(parameters, options);
    } else {
      SGDOptions options = new SGDOptions(OptimiserUpdate.RATE);
      options.momentum().put(OptimiserUpdate.MOMENTUM);
      options.weight_decay().put(OptimiserUpdate.DECAY);
      optimiser = new SGD(parameters, options);
    }
    return () -> {
      optimiser.step();
      return new Tensor[] {weights};
    };
  }
}
