package retort.nn.data;

/// Resizes images as Python's PIL does: a separable filter that is stretched when the image shrinks
/// (so that nothing aliases), first along rows, then along columns, in 8-bit steps between.
///
/// The arithmetic is PIL's to the bit, fixed point and rounding included, because evaluation
/// numbers of models trained elsewhere shift by tenths of a percent with another resize.
public enum Resample {
  BILINEAR(1) {
    @Override
    double weight(double x) {
      return Math.max(0, 1 - Math.abs(x));
    }
  },
  BICUBIC(2) {
    @Override
    double weight(double x) {
      return cubic(x, -0.5);
    }
  };

  /// Keys' cubic with the slope `a` at distance one.
  static double cubic(double x, double a) {
    double t = Math.abs(x);
    if (t < 1) {
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  }

  /// Bits after the point of a weight: what 8-bit samples and a sign leave of 32.
  private static final int BITS = 22;

  private final double support;

  Resample(double support) {
    this.support = support;
  }

  abstract double weight(double x);

  public Image resize(Image image, int height, int width) {
    Image rows = width == image.width() ? image : alongRows(image, width);
    return height == rows.height() ? rows : alongColumns(rows, height);
  }

  /// For each output position: the first input position, and the weights from there on.
  private record Taps(int[] first, int[][] weights) {}

  private Taps taps(int in, int out) {
    double scale = (double) in / out;
    double stretch = Math.max(scale, 1);
    double reach = support * stretch;
    int[] first = new int[out];
    int[][] weights = new int[out][];
    for (int i = 0; i < out; i++) {
      double centre = (i + 0.5) * scale;
      int from = Math.max(0, (int) (centre - reach + 0.5));
      int to = Math.min(in, (int) (centre + reach + 0.5));
      double[] raw = new double[to - from];
      double sum = 0;
      for (int x = 0; x < raw.length; x++) {
        raw[x] = weight((x + from - centre + 0.5) * (1 / stretch));
        sum += raw[x];
      }
      first[i] = from;
      weights[i] = new int[raw.length];
      for (int x = 0; x < raw.length; x++) {
        double w = raw[x] / sum;
        weights[i][x] = (int) ((w < 0 ? -0.5 : 0.5) + w * (1 << BITS));
      }
    }
    return new Taps(first, weights);
  }

  private Image alongRows(Image image, int width) {
    Taps taps = taps(image.width(), width);
    Image out = new Image(image.height(), width, image.channels());
    int at = 0;
    for (int y = 0; y < image.height(); y++) {
      for (int x = 0; x < width; x++) {
        int from = (y * image.width() + taps.first[x]) * image.channels();
        for (int c = 0; c < image.channels(); c++) {
          out.pixels()[at++] = sum(image.pixels(), from + c, image.channels(), taps.weights[x]);
        }
      }
    }
    return out;
  }

  private Image alongColumns(Image image, int height) {
    Taps taps = taps(image.height(), height);
    Image out = new Image(height, image.width(), image.channels());
    int row = image.width() * image.channels();
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int i = 0; i < row; i++) {
        out.pixels()[at++] = sum(image.pixels(), taps.first[y] * row + i, row, taps.weights[y]);
      }
    }
    return out;
  }

  private static byte sum(byte[] pixels, int from, int stride, int[] weights) {
    int sum = 1 << (BITS - 1);
    for (int k = 0; k < weights.length; k++) {
      sum += (pixels[from + k * stride] & 0xff) * weights[k];
    }
    return (byte) Math.clamp(sum >> BITS, 0, 255);
  }
}
