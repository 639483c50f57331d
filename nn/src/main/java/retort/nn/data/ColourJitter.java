package retort.nn.data;

/// Changes brightness, contrast and saturation by factors from [1 - amount, 1 + amount], in random
/// order.
public record ColourJitter(double brightness, double contrast, double saturation)
    implements Transform {
  public ColourJitter {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0)) {
      throw new IllegalArgumentException(
          "amounts of jitter must not be negative, got "
              + brightness
              + ", "
              + contrast
              + ", "
              + saturation);
    }
  }

  /// The six orders of three changes.
  private static final int[][] ORDERS = {
    {0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}
  };

  @Override
  public Image apply(Image image, Draws draws) {
    Image out = image;
    for (int change : ORDERS[draws.below(ORDERS.length)]) {
      out =
          switch (change) {
            case 0 -> Colour.brightness(out, factor(brightness, draws));
            case 1 -> Colour.contrast(out, factor(contrast, draws));
            default -> Colour.saturation(out, factor(saturation, draws));
          };
    }
    return out;
  }

  private static double factor(double amount, Draws draws) {
    return draws.uniform(Math.max(0, 1 - amount), 1 + amount);
  }
}
