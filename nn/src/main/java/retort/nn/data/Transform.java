package retort.nn.data;

/// One step of augmentation: an image to an image, random only through `draws`.
@FunctionalInterface
public interface Transform {
  Image apply(Image image, Draws draws);

  /// Pads by `padding` black pixels on every side and cuts a window of the original size out at
  /// random.
  record RandomCrop(int padding) implements Transform {
    @Override
    public Image apply(Image image, Draws draws) {
      int top = draws.below(2 * padding + 1) - padding;
      int left = draws.below(2 * padding + 1) - padding;
      return image.window(top, left, image.height(), image.width());
    }
  }

  /// Exchanges left and right in half of the cases.
  record RandomFlip() implements Transform {
    @Override
    public Image apply(Image image, Draws draws) {
      return draws.chance(0.5) ? image.flipped() : image;
    }
  }
}
