package retort.nn.data;

import java.util.Arrays;

/// Changes of brightness, contrast, saturation, sharpness and the curve of RGB images, with PIL's
/// arithmetic (its ImageEnhance and ImageOps).
final class Colour {
  private Colour() {}

  /// A factor of 0 gives black, 1 the image.
  static Image brightness(Image image, double factor) {
    return blend(new Image(image.height(), image.width(), image.channels()), image, factor);
  }

  /// A factor of 0 gives the mean grey, 1 the image.
  static Image contrast(Image image, double factor) {
    byte[] grey = grey(image);
    long sum = 0;
    for (byte value : grey) {
      sum += value & 0xff;
    }
    Image flat = new Image(image.height(), image.width(), image.channels());
    Arrays.fill(flat.pixels(), (byte) (int) ((double) sum / grey.length + 0.5));
    return blend(flat, image, factor);
  }

  /// A factor of 0 gives greys, 1 the image.
  static Image saturation(Image image, double factor) {
    byte[] grey = grey(image);
    Image flat = new Image(image.height(), image.width(), image.channels());
    for (int i = 0; i < flat.pixels().length; i++) {
      flat.pixels()[i] = grey[i / image.channels()];
    }
    return blend(flat, image, factor);
  }

  /// A factor of 0 gives the image smoothed (weights 1 around a 5, borders kept), 1 the image.
  static Image sharpness(Image image, double factor) {
    Image smooth =
        new Image(image.height(), image.width(), image.channels(), image.pixels().clone());
    int channels = image.channels();
    int row = image.width() * channels;
    for (int y = 1; y < image.height() - 1; y++) {
      for (int i = channels; i < row - channels; i++) {
        int at = y * row + i;
        int sum = 4 * (image.pixels()[at] & 0xff);
        for (int dy = -row; dy <= row; dy += row) {
          for (int dx = -channels; dx <= channels; dx += channels) {
            sum += image.pixels()[at + dy + dx] & 0xff;
          }
        }
        smooth.pixels()[at] = (byte) (int) (sum / 13.0 + 0.5);
      }
    }
    return blend(smooth, image, factor);
  }

  /// Applies a curve of 256 values to each channel.
  static Image curve(Image image, int[] curve) {
    return curves(image, curve, curve, curve);
  }

  /// Stretches each channel to the full range.
  static Image autoContrast(Image image) {
    int[][] curves = new int[3][];
    for (int c = 0; c < 3; c++) {
      int[] counts = histogram(image, c);
      int low = 0;
      int high = 255;
      while (low < 255 && counts[low] == 0) {
        low++;
      }
      while (high > 0 && counts[high] == 0) {
        high--;
      }
      int[] curve = new int[256];
      double scale = high > low ? 255.0 / (high - low) : 1;
      double offset = high > low ? -low * scale : 0;
      Arrays.setAll(curve, i -> Math.clamp((int) (i * scale + offset), 0, 255));
      curves[c] = curve;
    }
    return curves(image, curves[0], curves[1], curves[2]);
  }

  /// Makes the histogram of each channel flat.
  static Image equalize(Image image) {
    int[][] curves = new int[3][256];
    for (int c = 0; c < 3; c++) {
      int[] counts = histogram(image, c);
      int total = Arrays.stream(counts).sum();
      int last = 255;
      while (counts[last] == 0) {
        last--;
      }
      int step = (total - counts[last]) / 255;
      int n = step / 2;
      for (int i = 0; i < 256; i++) {
        curves[c][i] = step == 0 ? i : Math.min(255, n / step);
        n += counts[i];
      }
    }
    return curves(image, curves[0], curves[1], curves[2]);
  }

  private static Image curves(Image image, int[] red, int[] green, int[] blue) {
    int[][] curves = {red, green, blue};
    Image out = new Image(image.height(), image.width(), image.channels());
    for (int i = 0; i < out.pixels().length; i++) {
      out.pixels()[i] = (byte) curves[i % image.channels()][image.pixels()[i] & 0xff];
    }
    return out;
  }

  private static int[] histogram(Image image, int channel) {
    int[] counts = new int[256];
    for (int i = Math.min(channel, image.channels() - 1);
        i < image.pixels().length;
        i += image.channels()) {
      counts[image.pixels()[i] & 0xff]++;
    }
    return counts;
  }

  /// Luminance as ITU-R 601 weighs it.
  private static byte[] grey(Image image) {
    if (image.channels() == 1) {
      return image.pixels();
    }
    byte[] grey = new byte[image.height() * image.width()];
    byte[] p = image.pixels();
    for (int i = 0; i < grey.length; i++) {
      int at = i * image.channels();
      int sum = (p[at] & 0xff) * 19595 + (p[at + 1] & 0xff) * 38470 + (p[at + 2] & 0xff) * 7471;
      grey[i] = (byte) (sum + 0x8000 >> 16);
    }
    return grey;
  }

  /// from + factor * (to - from), cut to bytes towards zero as PIL does.
  private static Image blend(Image from, Image to, double factor) {
    Image out = new Image(to.height(), to.width(), to.channels());
    float f = (float) factor;
    for (int i = 0; i < out.pixels().length; i++) {
      int a = from.pixels()[i] & 0xff;
      int b = to.pixels()[i] & 0xff;
      out.pixels()[i] = (byte) (int) Math.clamp(a + f * (b - a), 0f, 255f);
    }
    return out;
  }
}
