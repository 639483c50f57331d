package retort.gendd.diffusion;

import java.util.function.UnaryOperator;
import retort.tensor.Philox;
import retort.tensor.Tensor;

/// Walks tokens from noise to data by asking a network again and again.
public interface Sampler {
  /// @param net the network, guidance included
  /// @param noise where the walk begins, `[rows, d]`
  /// @param draws keyed randomness for the steps that add noise: one stream a step
  /// @param guard what a predicted clean token passes through, such as clipping to a range
  /// @param path told of the state after every step
  Tensor sample(
      Denoiser net, Tensor noise, StepNoise draws, UnaryOperator<Tensor> guard, Path path);

  /// How often the network is asked for one sample, guidance not counted.
  int evaluations();

  /// The randomness of step `i`.
  @FunctionalInterface
  interface StepNoise {
    Philox of(int step);
  }

  /// Sees the states between noise and data, in order: the noise is state 0.
  @FunctionalInterface
  interface Path {
    /// Nobody looks.
    Path UNSEEN = (_, _) -> {};

    void visit(int state, Tensor x);
  }
}
