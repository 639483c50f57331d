package retort.gendd.generative;

import retort.gendd.StepDraws;
import retort.nn.data.Draws;
import retort.tensor.Tensor;

/// Mixes the conditions of a batch with each other and their targets with them, by one share for
/// the whole batch, Beta(beta, beta) ("Generative distribution distillation", arXiv 2507.14503,
/// section 4.3; the mixing is of features, not of images). beta 0 is off.
public record FeatureMixup(double beta) {
  public FeatureMixup {
    if (!(beta >= 0))
      throw new IllegalArgumentException("feature mixup: beta must not be negative, got " + beta);
  }

  /// @param condition `[n, width of the student's feature]`
  /// @param target `[n, width of the teacher's feature]`
  public record Pair(Tensor condition, Tensor target) {}

  public Pair apply(Tensor condition, Tensor target, StepDraws draws) {
    if (beta == 0) return new Pair(condition, target);
    double share = Draws.of(draws.seed(), "mixup.share", draws.step()).beta(beta);
    int[] partner = draws.of("mixup.partner").permutation(condition.shape().at(0));
    return new Pair(mix(condition, partner, share), mix(target, partner, share));
  }

  private static Tensor mix(Tensor x, int[] partner, double share) {
    return x.mul(share).add(x.gather(partner).mul(1 - share));
  }
}
