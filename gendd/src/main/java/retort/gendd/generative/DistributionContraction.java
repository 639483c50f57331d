package retort.gendd.generative;

import retort.gendd.Labels;
import retort.nn.Declared;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// Distribution Contraction: the teacher's feature moved towards its class's centre c, (1 - lambda)
/// f + lambda c, so that what is generated carries the label ("Generative distribution
/// distillation", arXiv 2507.14503, Definition 1). lambda is the degree of contraction: 0 leaves
/// the feature as it is, 1 leaves the centre alone. With soft labels the centre is mixed as they
/// are.
public final class DistributionContraction extends Module {
  private final double lambda;
  private final Declared<Tensor> centres;

  public DistributionContraction(double lambda, Centres centres) {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException(
          "contraction: lambda must lie in 0 (none) to 1 (the centre alone), got " + lambda);
    }
    this.lambda = lambda;
    this.centres =
        buffer(
            "centres",
            Shape.of(centres.classes(), centres.width()),
            (shape, draws) -> centres.rows());
  }

  /// @param feature `[n, width]`
  public Tensor apply(Tensor feature, Labels labels) {
    return call(() -> feature.mul(1 - lambda).add(labels.rows(centres.get()).mul(lambda)));
  }
}
