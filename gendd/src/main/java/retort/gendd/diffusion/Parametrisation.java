package retort.gendd.diffusion;

import retort.gendd.Losses;
import retort.gendd.StepDraws;
import retort.tensor.Tensor;

/// What the head is taught to predict, how that is turned into a loss, and which samplers walk from
/// noise to a token with it.
public interface Parametrisation {
  /// The parametrisation of a name: `noise` (the paper's, with learned variance), `clean` or
  /// `velocity`, each of the cosine diffusion with 1,000 steps.
  static Parametrisation of(String name) {
    return switch (name) {
      case "noise" -> cosine(Prediction.NOISE);
      case "clean" -> cosine(Prediction.CLEAN);
      case "velocity" -> cosine(Prediction.VELOCITY);
      default ->
          throw new IllegalArgumentException(
              "a head can't predict '" + name + "'; it predicts noise, clean or velocity");
    };
  }

  private static Parametrisation cosine(Prediction prediction) {
    return new Diffusion(NoiseSchedule.cosine(1000), prediction);
  }

  /// The channels of the head for tokens of `d` numbers.
  int channels(int d);

  /// How many times describe a row.
  default int times() {
    return 1;
  }

  /// Each row's losses `[rows]` for clean tokens x0 `[rows, d]`, with times and noise drawn here.
  Losses trainingLosses(Denoiser net, Tensor x0, StepDraws draws);

  /// The sampler of a name, or a refusal that lists those that fit.
  Sampler sampler(Sampling options);
}
