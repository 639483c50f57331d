package retort.nn.data;

/// The per-channel mean and standard deviation, of pixels scaled to 0..1, that images are
/// normalised with: x = (byte / 255 - mean) / std.
public record Normalisation(float[] mean, float[] std) {
  public Normalisation {
    if (mean.length != std.length) {
      throw new IllegalArgumentException(
          "as many means as deviations are needed, got " + mean.length + " and " + std.length);
    }
    for (float s : std) {
      if (!(s > 0)) {
        throw new IllegalArgumentException("a standard deviation must be positive, got " + s);
      }
    }
    mean = mean.clone();
    std = std.clone();
  }

  /// The statistics of ImageNet's training images that every ImageNet model uses.
  public static Normalisation imageNet() {
    return new Normalisation(
        new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});
  }

  /// The statistics over every pixel of `pixels`, whose channels are innermost. A channel of one
  /// constant value gets deviation 1.
  public static Normalisation of(byte[] pixels, int channels) {
    long[][] counts = new long[channels][256];
    for (int i = 0; i < pixels.length; i += channels) {
      for (int c = 0; c < channels; c++) {
        counts[c][pixels[i + c] & 0xff]++;
      }
    }
    float[] mean = new float[channels];
    float[] std = new float[channels];
    double n = Math.max(1, pixels.length / channels);
    for (int c = 0; c < channels; c++) {
      double sum = 0;
      double squares = 0;
      for (int value = 0; value < 256; value++) {
        double x = value / 255.0;
        sum += counts[c][value] * x;
        squares += counts[c][value] * x * x;
      }
      double variance = squares / n - (sum / n) * (sum / n);
      mean[c] = (float) (sum / n);
      std[c] = variance > 1e-12 ? (float) Math.sqrt(variance) : 1f;
    }
    return new Normalisation(mean, std);
  }

  public int channels() {
    return mean.length;
  }

  /// The 256 normalised values of each channel's bytes: value = table[channel * 256 + byte].
  public float[] table() {
    float[] table = new float[256 * mean.length];
    for (int i = 0; i < table.length; i++) {
      int c = i >> 8;
      table[i] = ((i & 255) / 255f - mean[c]) / std[c];
    }
    return table;
  }
}
