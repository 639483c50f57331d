package retort.gendd.diffusion;

import java.util.List;
import retort.gendd.Derived;

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
    return Derived.of(this, "sampler", name);
  }

  public Sampling steps(String text) {
    return Derived.of(this, "spacing", new Spacing(text));
  }

  public Sampling start(int step) {
    return Derived.of(this, "start", step);
  }

  public Sampling guidance(double scale) {
    return Derived.of(this, "guidance", scale);
  }

  public Sampling temperature(double factor) {
    return Derived.of(this, "temperature", factor);
  }

  public Sampling eta(double randomness) {
    return Derived.of(this, "eta", randomness);
  }

  public Sampling clip(boolean on) {
    return Derived.of(this, "clip", on);
  }

  public Sampling samples(int count) {
    return Derived.of(this, "samples", count);
  }

  IllegalArgumentException refusal(List<String> fitting) {
    return new IllegalArgumentException(
        "the sampler '"
            + sampler
            + "' doesn't fit what the head predicts; it has "
            + String.join(", ", fitting));
  }
}
