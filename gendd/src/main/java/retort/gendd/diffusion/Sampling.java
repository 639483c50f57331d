package retort.gendd.diffusion;

import java.util.List;

/// How tokens are generated.
///
/// @param sampler its name: `ancestral`, `ddim` or `mean` (one step to the posterior mean) of a
///   diffusion, `euler`, `heun` or `mean` of a rectified flow, `meanflow` of a mean flow
/// @param spacing how many steps, and which
/// @param start the step to begin at, -1 for the noisiest
/// @param guidance the scale of classifier-free guidance; 1 is none, and costs half
/// @param temperature what the noise of ancestral steps is multiplied by
/// @param eta how random DDIM is, from 0 to 1
/// @param clip whether predicted clean tokens are held within the range seen in training
/// @param samples how many generations are averaged
public record Sampling(
    String sampler,
    Spacing spacing,
    int start,
    double guidance,
    double temperature,
    double eta,
    boolean clip,
    int samples) {
  /// The paper's: 64 ancestral steps, guidance 2, one sample.
  public static final Sampling PAPER =
      new Sampling("ancestral", new Spacing("64"), -1, 2, 1, 0, false, 1);

  public Sampling {
    if (samples < 1)
      throw new IllegalArgumentException("sampling wants at least 1 sample, got " + samples);
    if (!(temperature >= 0))
      throw new IllegalArgumentException(
          "the temperature must not be negative, got " + temperature);
    if (!(eta >= 0 && eta <= 1))
      throw new IllegalArgumentException("eta must lie in 0 to 1, got " + eta);
    if (!Double.isFinite(guidance))
      throw new IllegalArgumentException("the guidance scale must be a number, got " + guidance);
  }

  public Sampling sampler(String name) {
    return new Sampling(name, spacing, start, guidance, temperature, eta, clip, samples);
  }

  public Sampling steps(String text) {
    return new Sampling(
        sampler, new Spacing(text), start, guidance, temperature, eta, clip, samples);
  }

  public Sampling start(int step) {
    return new Sampling(sampler, spacing, step, guidance, temperature, eta, clip, samples);
  }

  public Sampling guidance(double scale) {
    return new Sampling(sampler, spacing, start, scale, temperature, eta, clip, samples);
  }

  public Sampling temperature(double factor) {
    return new Sampling(sampler, spacing, start, guidance, factor, eta, clip, samples);
  }

  public Sampling eta(double randomness) {
    return new Sampling(sampler, spacing, start, guidance, temperature, randomness, clip, samples);
  }

  public Sampling clip(boolean on) {
    return new Sampling(sampler, spacing, start, guidance, temperature, eta, on, samples);
  }

  public Sampling samples(int count) {
    return new Sampling(sampler, spacing, start, guidance, temperature, eta, clip, count);
  }

  IllegalArgumentException refusal(List<String> fitting) {
    return new IllegalArgumentException(
        "the sampler '"
            + sampler
            + "' doesn't fit what the head predicts; it has "
            + String.join(", ", fitting));
  }
}
