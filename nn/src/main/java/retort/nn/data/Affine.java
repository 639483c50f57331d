package retort.nn.data;

/// Maps images by an affine function: output position (x, y) shows input position (a x + b y + c, d
/// x + e y + f), both measured from pixel centres; outside is filled.
record Affine(double a, double b, double c, double d, double e, double f) {
  static Affine shearX(double amount) {
    return new Affine(1, amount, 0, 0, 1, 0);
  }

  static Affine shearY(double amount) {
    return new Affine(1, 0, 0, amount, 1, 0);
  }

  static Affine shift(double x, double y) {
    return new Affine(1, 0, x, 0, 1, y);
  }

  /// Turns an image of this size about its middle, counter-clockwise.
  static Affine rotation(double degrees, int height, int width) {
    double angle = -Math.toRadians(degrees);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double x = width / 2.0;
    double y = height / 2.0;
    return new Affine(cos, sin, x - cos * x - sin * y, -sin, cos, y + sin * x - cos * y);
  }

  /// Samples the input with this filter, as PIL's `transform` does: not antialiased, as these maps
  /// hardly shrink, cut towards zero, and with a steeper cubic than its `resize` has.
  Image apply(Image image, Resample filter, byte[] fill) {
    int h = image.height();
    int w = image.width();
    int channels = image.channels();
    Image out = new Image(h, w, channels);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double sx = a * (x + 0.5) + b * (y + 0.5) + c;
        double sy = d * (x + 0.5) + e * (y + 0.5) + f;
        boolean inside = sx >= 0 && sx < w && sy >= 0 && sy < h;
        for (int k = 0; k < channels; k++) {
          out.pixels()[(y * w + x) * channels + k] =
              inside ? sample(image, filter, sx - 0.5, sy - 0.5, k) : fill[k];
        }
      }
    }
    return out;
  }

  private static byte sample(Image image, Resample filter, double x, double y, int channel) {
    int reach = filter == Resample.BILINEAR ? 1 : 2;
    int left = (int) Math.floor(x);
    int top = (int) Math.floor(y);
    double sum = 0;
    for (int j = top - reach + 1; j <= top + reach; j++) {
      double wy = weight(filter, y - j);
      int row = Math.clamp(j, 0, image.height() - 1);
      for (int i = left - reach + 1; i <= left + reach; i++) {
        int column = Math.clamp(i, 0, image.width() - 1);
        sum += wy * weight(filter, x - i) * image.at(row, column, channel);
      }
    }
    return (byte) (int) Math.clamp(sum, 0, 255);
  }

  private static double weight(Resample filter, double x) {
    return filter == Resample.BICUBIC ? Resample.cubic(x, -1) : filter.weight(x);
  }
}
