package retort.gendd.diffusion;

import retort.tensor.Tensor;

/// A network with its condition in hand: what a sampler and a loss see of the head.
@FunctionalInterface
public interface Denoiser {
  /// @param x noisy tokens `[n, d]`
  /// @param time the time of each row, or one for all
  /// @return the prediction `[n, channels]`, channels >= d; the first d are guided
  Tensor apply(Tensor x, double... time);

  /// Classifier-free guidance (arXiv 2207.12598): away from what the network says without a
  /// condition, by a scale. Channels past the first d, such as variances, keep the conditional
  /// value.
  static Tensor guided(Tensor with, Tensor without, int d, double scale) {
    int channels = with.shape().last();
    if (channels == d) return mix(with, without, scale);
    Tensor guided = mix(with.narrow(1, 0, d), without.narrow(1, 0, d), scale);
    return Tensor.concat(1, guided, with.narrow(1, d, channels - d));
  }

  private static Tensor mix(Tensor with, Tensor without, double scale) {
    return with.mul(scale).add(without.mul(1 - scale));
  }
}
