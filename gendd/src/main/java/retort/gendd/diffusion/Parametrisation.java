package retort.gendd.diffusion;

import java.util.List;
import retort.gendd.Losses;
import retort.gendd.StepDraws;
import retort.tensor.Tensor;

/// What the head is taught to predict, how that is turned into a loss, and which samplers walk from
/// noise to a token with it.
public interface Parametrisation {
  /// The parametrisation of a name: `noise` (the paper's, with learned variance), `clean` or
  /// `velocity`, each of the cosine diffusion with 1,000 steps; `flow`, rectified flow; or
  /// `meanflow`, with a guidance of 2 trained in.
  static Parametrisation of(String name) {
    return switch (name) {
      case "noise" -> cosine(Prediction.NOISE);
      case "clean" -> cosine(Prediction.CLEAN);
      case "velocity" -> cosine(Prediction.VELOCITY);
      case "flow" -> new RectifiedFlow();
      case "meanflow" -> new MeanFlow(2);
      default ->
          throw new IllegalArgumentException(
              "a head can't predict '"
                  + name
                  + "'; it predicts noise, clean, velocity, flow or meanflow");
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
  Losses trainingLosses(ConditionedHead net, Tensor x0, StepDraws draws);

  /// Whether guidance is trained in, so that a sampler asks the conditional head alone.
  default boolean guidesItself() {
    return false;
  }

  /// The names of the samplers that fit, the usual one first.
  List<String> samplers();

  /// The sampler of a name, or a refusal that lists those that fit.
  Sampler sampler(Sampling options);
}
