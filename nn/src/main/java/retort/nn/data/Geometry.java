package retort.nn.data;

/// The crops and resizes of ImageNet training and evaluation, with torchvision's arithmetic.
public final class Geometry {
  private Geometry() {}

  /// Resizes the shorter side to `size` and keeps the proportions.
  public record ResizeShort(int size, Resample filter) implements Transform {
    @Override
    public Image apply(Image image, Draws draws) {
      int h = image.height();
      int w = image.width();
      int longer = (int) ((long) size * Math.max(h, w) / Math.min(h, w));
      return h < w ? filter.resize(image, size, longer) : filter.resize(image, longer, size);
    }
  }

  /// Cuts the middle out; a smaller image gets black borders.
  public record CenterCrop(int size) implements Transform {
    @Override
    public Image apply(Image image, Draws draws) {
      int top = (int) Math.rint((image.height() - size) / 2.0);
      int left = (int) Math.rint((image.width() - size) / 2.0);
      return image.window(top, left, size, size);
    }
  }

  /// Cuts out a window of a random share of the area and a random aspect, and resizes it ("Going
  /// Deeper with Convolutions", arXiv 1409.4842, section 6). Where ten tries don't fit, takes the
  /// middle.
  public record RandomResizedCrop(int size, double minShare, double maxShare, Resample filter)
      implements Transform {
    private static final double MIN_ASPECT = 3.0 / 4;
    private static final double MAX_ASPECT = 4.0 / 3;

    public RandomResizedCrop {
      if (!(minShare > 0 && minShare <= maxShare && maxShare <= 1)) {
        throw new IllegalArgumentException(
            "shares of the area must be 0 < min <= max <= 1, got " + minShare + ", " + maxShare);
      }
    }

    @Override
    public Image apply(Image image, Draws draws) {
      int height = image.height();
      int width = image.width();
      for (int attempt = 0; attempt < 10; attempt++) {
        double area = draws.uniform(minShare, maxShare) * height * width;
        double aspect = Math.exp(draws.uniform(Math.log(MIN_ASPECT), Math.log(MAX_ASPECT)));
        int w = (int) Math.rint(Math.sqrt(area * aspect));
        int h = (int) Math.rint(Math.sqrt(area / aspect));
        if (w > 0 && w <= width && h > 0 && h <= height) {
          int top = draws.below(height - h + 1);
          return cut(image, top, draws.below(width - w + 1), h, w);
        }
      }
      double aspect = Math.clamp((double) width / height, MIN_ASPECT, MAX_ASPECT);
      int w = Math.min(width, Math.max(1, (int) Math.rint(height * aspect)));
      int h = Math.min(height, Math.max(1, (int) Math.rint(width / aspect)));
      return cut(image, (height - h) / 2, (width - w) / 2, h, w);
    }

    private Image cut(Image image, int top, int left, int h, int w) {
      return filter.resize(image.window(top, left, h, w), size, size);
    }
  }
}
