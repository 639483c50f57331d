package retort.gendd.diffusion;

import java.util.stream.Stream;
import retort.nn.Init;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.Module;
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

  /// @param h `[n, w]`, or of several conditions `[n * s.length, w]`, for each row all of them
  /// @param s what each condition says `[m, w]`, m dividing n
  Tensor apply(Tensor h, Tensor... s) {
    return call(() -> modulated(Dual.constant(h), modulation(ada, h, s)).value());
  }

  Dual forward(Dual h, Dual s) {
    return modulated(h, s.linear(ada).repeat(h.value().shape().at(0)));
  }

  private Dual modulated(Dual h, Dual a) {
    Dual u = h.layerNorm(norm).modulate(a, 0, w);
    return h.gatedAdd(a, 2 * w, u.linear(in).silu().linear(out));
  }

  /// A modulation for each row of h, repeated where several rows share a condition: it is computed
  /// once for all of them.
  static Dual modulation(Linear ada, Tensor h, Tensor... s) {
    int n = h.shape().at(0) / s.length;
    Tensor[] rows = Stream.of(s).map(c -> Dual.repeat(ada.apply(c), n)).toArray(Tensor[]::new);
    return Dual.constant(together(rows));
  }

  /// The first rows of all, then the second ones, and so on: `[n, c]` each become `[n *
  /// parts.length, c]`.
  static Tensor together(Tensor... parts) {
    if (parts.length == 1) return parts[0];
    int c = parts[0].shape().last();
    Tensor[] stacked = Stream.of(parts).map(p -> p.reshape(-1, 1, c)).toArray(Tensor[]::new);
    return Tensor.concat(1, stacked).reshape(-1, c);
  }
}
