package retort.gendd.diffusion;

import retort.nn.Init;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tensor;

/// h + gate * MLP(LayerNorm(h) (1 + scale) + shift), with shift, scale and gate from the condition
/// ("Scalable diffusion models with transformers", arXiv 2212.09748, section 3.2: adaLN-Zero).
///
/// Nearly all of the head's work is in these products, and what comes out is added to h in full
/// precision, so their factors may be coarse.
final class HeadBlock extends Module {
  private final int w;
  private final LayerNorm norm;
  private final Linear in;
  private final Linear out;
  private final Linear ada;

  HeadBlock(int w) {
    this.w = w;
    norm = child("norm", new LayerNorm(w, 1e-6, true));
    in = child("in", linear(w, w).coarse());
    out = child("out", linear(w, w).coarse());
    ada = child("ada", silent(w, 3 * w).coarse());
  }

  static Linear linear(int in, int out) {
    return new Linear(in, out).init(Init.xavierUniform(), Init.zeros());
  }

  /// A linear layer that begins by saying 0.
  static Linear silent(int in, int out) {
    return new Linear(in, out).init(Init.zeros(), Init.zeros());
  }

  /// @param h `[n, w]`
  /// @param s what the condition says `[m, w]`, m dividing n
  Tensor apply(Tensor h, Tensor s) {
    return call(() -> forward(Dual.constant(h), Dual.constant(s)).value());
  }

  Dual forward(Dual h, Dual s) {
    Dual a = modulation(ada, s, h);
    Dual u = h.layerNorm(norm).modulate(a, 0, w);
    return h.gatedAdd(a, 2 * w, u.linear(in).silu().linear(out));
  }

  /// A modulation for each row of h, repeated where several rows share a condition: it is computed
  /// once for all of them.
  static Dual modulation(Linear ada, Dual s, Dual h) {
    Shape rows = h.value().shape(), conditions = s.value().shape();
    if (rows.at(0) % conditions.at(0) != 0) {
      throw ShapeException.of(
          "denoising head", "rows of conditions must divide the rows of tokens", conditions, rows);
    }
    return s.linear(ada).repeat(rows.at(0));
  }
}
