package retort.nn.data;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// RandAugment (arXiv 1909.13719) as the timm library's "rand-n2-m7-mstd0.5" means it: `count`
/// operations drawn with replacement, each applied in half of the cases, with a magnitude drawn
/// from Normal(`magnitude`, `deviation`) and cut to [0, 10].
///
/// `fill` is the colour of what shows up beyond the borders, as a rule the data's mean.
public record RandAugment(int count, double magnitude, double deviation, byte[] fill)
    implements Transform {

  private enum Operation {
    AUTO_CONTRAST,
    EQUALIZE,
    INVERT,
    ROTATE,
    POSTERIZE,
    SOLARIZE,
    SOLARIZE_ADD,
    COLOUR,
    CONTRAST,
    BRIGHTNESS,
    SHARPNESS,
    SHEAR_X,
    SHEAR_Y,
    TRANSLATE_X,
    TRANSLATE_Y
  }

  private static final Operation[] OPERATIONS = Operation.values();

  public RandAugment {
    if (count < 0 || !(magnitude >= 0 && magnitude <= 10) || !(deviation >= 0)) {
      throw new IllegalArgumentException(
          "RandAugment needs a count >= 0, a magnitude in [0, 10] and a deviation >= 0, got "
              + count
              + ", "
              + magnitude
              + ", "
              + deviation);
    }
    fill = fill.clone();
  }

  /// Two operations, magnitude 7, deviation 0.5; beyond the borders the mean colour.
  public static RandAugment standard(Normalisation normalisation) {
    byte[] fill = new byte[normalisation.channels()];
    for (int c = 0; c < fill.length; c++) {
      fill[c] = (byte) Math.round(255 * normalisation.mean()[c]);
    }
    return new RandAugment(2, 7, 0.5, fill);
  }

  @Override
  public Image apply(Image image, Draws draws) {
    Image out = image;
    for (int i = 0; i < count; i++) {
      Operation operation = OPERATIONS[draws.below(OPERATIONS.length)];
      if (draws.chance(0.5)) {
        double level = Math.clamp(magnitude + deviation * draws.normal(), 0, 10) / 10;
        out = apply(operation, out, level, draws);
      }
    }
    return out;
  }

  /// `level` is the magnitude in 0..1. The factors of the colour operations grow from 0.1 to 1.9;
  /// the geometric ones go either way.
  private Image apply(Operation operation, Image image, double level, Draws draws) {
    double factor = 1.8 * level + 0.1;
    return switch (operation) {
      case AUTO_CONTRAST -> Colour.autoContrast(image);
      case EQUALIZE -> Colour.equalize(image);
      case INVERT -> Colour.curve(image, curve(i -> 255 - i));
      case POSTERIZE -> {
        int mask = 0xff << 8 - (int) (4 * level) & 0xff;
        yield Colour.curve(image, curve(i -> i & mask));
      }
      case SOLARIZE -> {
        int threshold = (int) (256 * level);
        yield Colour.curve(image, curve(i -> i < threshold ? i : 255 - i));
      }
      case SOLARIZE_ADD -> {
        int add = (int) (110 * level);
        yield Colour.curve(image, curve(i -> i < 128 ? Math.min(255, i + add) : i));
      }
      case COLOUR -> Colour.saturation(image, factor);
      case CONTRAST -> Colour.contrast(image, factor);
      case BRIGHTNESS -> Colour.brightness(image, factor);
      case SHARPNESS -> Colour.sharpness(image, factor);
      case ROTATE ->
          warp(
              Affine.rotation(eitherWay(30 * level, draws), image.height(), image.width()),
              image,
              draws);
      case SHEAR_X -> warp(Affine.shearX(eitherWay(0.3 * level, draws)), image, draws);
      case SHEAR_Y -> warp(Affine.shearY(eitherWay(0.3 * level, draws)), image, draws);
      case TRANSLATE_X -> {
        double shift = eitherWay(0.45 * level, draws) * image.width();
        yield warp(Affine.shift(shift, 0), image, draws);
      }
      case TRANSLATE_Y -> {
        double shift = eitherWay(0.45 * level, draws) * image.height();
        yield warp(Affine.shift(0, shift), image, draws);
      }
    };
  }

  private Image warp(Affine map, Image image, Draws draws) {
    Resample filter = draws.chance(0.5) ? Resample.BILINEAR : Resample.BICUBIC;
    return map.apply(image, filter, fill);
  }

  private static double eitherWay(double amount, Draws draws) {
    return draws.chance(0.5) ? amount : -amount;
  }

  private static int[] curve(IntUnaryOperator f) {
    return IntStream.range(0, 256).map(f).toArray();
  }
}
