package retort.gendd.diffusion;

import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.Module;
import retort.tensor.Tensor;

/// The head's answer: a modulated layer norm without own scale, and a linear layer. Both begin at
/// zero.
final class HeadOutput extends Module {
  private final int w;
  private final LayerNorm norm;
  private final Linear out;
  private final Linear ada;

  HeadOutput(int w, int channels) {
    this.w = w;
    norm = child("norm", new LayerNorm(w, 1e-6, false));
    out = child("out", HeadBlock.silent(w, channels));
    ada = child("ada", HeadBlock.silent(w, 2 * w));
  }

  Tensor apply(Tensor h, Tensor s) {
    return call(() -> forward(Dual.constant(h), Dual.constant(s)).value());
  }

  Dual forward(Dual h, Dual s) {
    Dual a = HeadBlock.modulation(ada, s, h);
    return h.layerNorm(norm).modulate(a, 0, w).linear(out);
  }
}
