package retort.experiments.bench.peers;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import retort.experiments.bench.HeadShape;

/// The denoising head as its authors' PyTorch code has it (SimpleMLPAdaLN of LTH14/mar with a place
/// embedding): every row's time, condition and place are embedded in every call.
final class Head {
  private static final int FREQUENCIES = 256;
  private static final double EPS = 1e-6;

  private final Weights weights;
  private final int width;
  private final Tensor frequencies;
  private final Scalar one = new Scalar(1f);

  Head(Weights weights, int width) {
    this.weights = weights;
    this.width = width;
    int half = FREQUENCIES / 2;
    float[] f = new float[half];
    for (int i = 0; i < half; i++) f[i] = (float) Math.exp(-Math.log(10_000) * i / half);
    frequencies = Layout.CHANNELS_FIRST.tensor(f, retort.tensor.Shape.of(1, half));
  }

  private Tensor linear(Tensor x, String path) {
    return torch.linear(x, weights.get(path + ".weight"), weights.maybe(path + ".bias"));
  }

  /// @param x noisy tokens `[n, d]`
  /// @param time `[n, 1]`
  /// @param z conditions `[n, c]`
  /// @param place `[n]` whole numbers
  Tensor apply(Tensor x, Tensor time, Tensor z, Tensor place) {
    Tensor angle = time.mul(frequencies);
    Tensor waves = torch.cat(new TensorVector(torch.cos(angle), torch.sin(angle)), 1);
    Tensor t = linear(torch.silu(linear(waves, "time0.in")), "time0.out");
    Tensor y =
        t.add(linear(z, "condition")).add(torch.embedding(weights.get("position.weight"), place));
    Tensor h = linear(x, "input");
    for (int i = 0; i < HeadShape.DEPTH; i++) h = block(h, y, "block" + i);
    Tensor ada = linear(torch.silu(y), "last.ada");
    Tensor normed = torch.layer_norm(h, new long[] {width}, Eager.NONE, Eager.NONE, EPS, false);
    return linear(modulate(normed, part(ada, 0), part(ada, 1)), "last.out");
  }

  private Tensor block(Tensor h, Tensor y, String path) {
    Tensor ada = linear(torch.silu(y), path + ".ada");
    Tensor u =
        torch.layer_norm(
            h,
            new long[] {width},
            weights.maybe(path + ".norm.weight"),
            weights.maybe(path + ".norm.bias"),
            EPS,
            false);
    u = modulate(u, part(ada, 0), part(ada, 1));
    u = linear(torch.silu(linear(u, path + ".in")), path + ".out");
    return h.add(part(ada, 2).mul(u));
  }

  private Tensor part(Tensor ada, int i) {
    return ada.narrow(1, (long) i * width, width);
  }

  private Tensor modulate(Tensor x, Tensor shift, Tensor scale) {
    return x.mul(scale.add(one)).add(shift);
  }
}
