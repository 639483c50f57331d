package retort.gendd;

import retort.tensor.Philox;

/// The randomness of one optimiser step: every use of it has a stream of its own, so a resumed run
/// draws what the first one would have drawn.
public record StepDraws(long seed, long step) {
  public Philox of(String purpose) {
    return Philox.of(seed, purpose, step);
  }

  /// The randomness of a sampler's step `i`.
  public Philox step(int i) {
    return Philox.of(seed, "sampler.step", step, i);
  }

  /// n whole numbers from 0 to bound - 1.
  public int[] below(String purpose, int n, int bound) {
    Philox p = of(purpose);
    int[] out = new int[n];
    for (int i = 0; i < n; i++) out[i] = p.below(i, bound);
    return out;
  }

  /// n numbers, 0 with probability p and otherwise 1.
  public double[] mask(String purpose, int n, double p) {
    Philox draws = of(purpose);
    double[] out = new double[n];
    for (int i = 0; i < n; i++) out[i] = draws.uniform(i) < p ? 0 : 1;
    return out;
  }
}
