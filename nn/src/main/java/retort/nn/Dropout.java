package retort.nn;

import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// Zeroes each number with probability p in training and scales the others up to keep the mean
/// (Srivastava et al., JMLR 15, 2014).
///
/// The mask is drawn from (seed, path, how many forwards were trained), and that count is a buffer:
/// a resumed run goes on with the same masks. A float counts exactly to 2^24 forwards.
public final class Dropout extends Layer {
  private final double p;
  private final long seed;
  private final Declared<Tensor> count = buffer("count", Shape.of(1), Init.zeros());

  public Dropout(double p, long seed) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout: the probability must lie in [0, 1), got " + p);
    }
    this.p = p;
    this.seed = seed;
  }

  @Override
  protected Tensor forward(Tensor x) {
    if (!isTraining() || p == 0) return x;
    long n = (long) count.get().item();
    count.get().set(n + 1f);
    return x.dropout(p, Philox.of(seed, "dropout " + path(), n));
  }
}
