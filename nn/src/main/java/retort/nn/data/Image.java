package retort.nn.data;

/// One image as bytes, [height, width, channels].
public record Image(int height, int width, int channels, byte[] pixels) {
  public Image {
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "an image needs at least one pixel, got " + height + "x" + width + "x" + channels);
    }
    if (pixels.length != height * width * channels) {
      throw new IllegalArgumentException(
          "an image of "
              + height
              + "x"
              + width
              + "x"
              + channels
              + " has "
              + height * width * channels
              + " bytes, got "
              + pixels.length);
    }
  }

  /// A black image.
  public Image(int height, int width, int channels) {
    this(height, width, channels, new byte[height * width * channels]);
  }

  public int at(int y, int x, int channel) {
    return pixels[(y * width + x) * channels + channel] & 0xff;
  }

  /// The window of `h` x `w` pixels whose corner is at (top, left); what lies outside the image is
  /// black.
  public Image window(int top, int left, int h, int w) {
    Image out = new Image(h, w, channels);
    int from = Math.max(0, -left);
    int to = Math.min(w, width - left);
    for (int y = Math.max(0, -top); y < Math.min(h, height - top); y++) {
      if (to > from) {
        System.arraycopy(
            pixels,
            ((y + top) * width + left + from) * channels,
            out.pixels,
            (y * w + from) * channels,
            (to - from) * channels);
      }
    }
    return out;
  }

  /// Left and right exchanged.
  public Image flipped() {
    Image out = new Image(height, width, channels);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        System.arraycopy(
            pixels,
            (y * width + x) * channels,
            out.pixels,
            (y * width + width - 1 - x) * channels,
            channels);
      }
    }
    return out;
  }
}
