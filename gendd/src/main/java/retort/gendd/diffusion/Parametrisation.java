package retort.gendd.diffusion;

import retort.gendd.Draws;
import retort.gendd.Losses;
import retort.tensor.Tensor;

/// What the head is taught to predict, how that is turned into a loss, and which samplers walk from
/// noise to a token with it.
public interface Parametrisation {
  /// The channels of the head for tokens of `d` numbers.
  int channels(int d);

  /// Each row's losses `[rows]` for clean tokens x0 `[rows, d]`, with times and noise drawn here.
  Losses trainingLosses(Denoiser net, Tensor x0, Draws draws);

  /// The sampler of a name, or a refusal that lists those that fit.
  Sampler sampler(Sampling options);
}
