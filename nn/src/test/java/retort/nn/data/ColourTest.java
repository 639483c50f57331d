package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected values are PIL 12.3's on the same synthetic images.
class ColourTest {
  private final Image image = ResampleTest.stripes();

  @ParameterizedTest
  @CsvSource({
    "0.0, 2441119111, 1970776607, 3624933294, 2951272080",
    "0.4, 2698729786, 2611485529, 4088439166, 1969040258",
    "1.7, 2045909772, 684106914, 1994026121, 2431879486"
  })
  void enhancesAsPilDoes(
      double factor, long brightness, long contrast, long saturation, long sharpness) {
    assertThat(ImageFileTest.crc(Colour.brightness(image, factor))).isEqualTo(brightness);
    assertThat(ImageFileTest.crc(Colour.contrast(image, factor))).isEqualTo(contrast);
    assertThat(ImageFileTest.crc(Colour.saturation(image, factor))).isEqualTo(saturation);
    assertThat(ImageFileTest.crc(Colour.sharpness(image, factor))).isEqualTo(sharpness);
  }

  @Test
  void stretchesAndEqualizesAsPilDoes() {
    int[] dim = new int[256];
    Arrays.setAll(dim, v -> 40 + v / 3);
    Image dull = Colour.curve(image, dim);
    assertThat(ImageFileTest.crc(dull)).isEqualTo(3599665444L);
    assertThat(ImageFileTest.crc(Colour.autoContrast(dull))).isEqualTo(420455077L);
    assertThat(ImageFileTest.crc(Colour.equalize(dull))).isEqualTo(3598210936L);
    Image flat = new Image(2, 2, 3);
    assertThat(Colour.autoContrast(flat).pixels()).isEqualTo(flat.pixels());
    assertThat(Colour.equalize(flat).pixels()).isEqualTo(flat.pixels());
  }

  @Test
  void mapsAffinelyAsPilDoes() {
    byte[][] rows = {
      {41, 52, 63, 74, 85, 96},
      {44, 57, 69, 82, 95, 108},
      {53, 67, 82, 97, 111, 126},
      {68, 84, 101, 117, (byte) 134, (byte) 150},
      {89, 107, 125, (byte) 144, (byte) 162, (byte) 151}
    };
    Image small = new Image(5, 6, 1);
    for (int y = 0; y < 5; y++) {
      System.arraycopy(rows[y], 0, small.pixels(), 6 * y, 6);
    }
    check(
        Affine.rotation(20, 5, 6).apply(small, Resample.BILINEAR, new byte[] {9}),
        "9 60 70 83 98 9 47 59 73 89 107 124 47 63 80 99 121 144 54 70 91 113 139 153 9 82 106 130"
            + " 148 9");
    check(
        Affine.shearX(0.25).apply(small, Resample.BILINEAR, new byte[] {9}),
        "42 53 64 75 86 96 48 61 73 86 99 108 61 76 91 105 120 9 82 98 115 131 148 9 109 127 146"
            + " 160 151 9");
    check(
        Affine.shift(0, 1.3).apply(small, Resample.BICUBIC, new byte[] {9}),
        "46 59 72 86 99 113 57 72 88 103 118 135 76 93 110 128 145 153 92 110 128 147 166 151 9 9 9"
            + " 9 9 9");
    check(
        Affine.rotation(20, 5, 6).apply(small, Resample.BICUBIC, new byte[] {9}),
        "9 58 69 82 97 9 45 58 72 91 107 124 47 62 78 100 118 144 52 67 87 114 143 156 9 83 108 133"
            + " 155 9");
  }

  /// Within one: the last bit is PIL's order of float operations.
  private static void check(Image image, String expected) {
    String[] values = expected.split(" ");
    for (int i = 0; i < values.length; i++) {
      int value = Integer.parseInt(values[i]);
      assertThat(image.pixels()[i] & 0xff).as("%d", i).isBetween(value - 1, value + 1);
    }
  }

  @Test
  void jitterChangesEachPropertyWithinItsAmount() {
    Image grey = new Image(1, 1, 3, new byte[] {100, 100, 100});
    int low = 255;
    int high = 0;
    for (int i = 0; i < 500; i++) {
      Image out = new ColourJitter(0.4, 0.4, 0.4).apply(grey, Draws.of(2, "test", i));
      low = Math.min(low, out.at(0, 0, 0));
      high = Math.max(high, out.at(0, 0, 0));
    }
    assertThat(low).isBetween(59, 64);
    assertThat(high).isBetween(135, 140);
    Image same = new ColourJitter(0, 0, 0).apply(image, Draws.of(2, "test"));
    assertThat(same.pixels()).isEqualTo(image.pixels());
    assertThatThrownBy(() -> new ColourJitter(-1, 0, 0))
        .hasMessage("amounts of jitter must not be negative, got -1.0, 0.0, 0.0");
  }

  @Test
  void randAugmentAppliesEveryOperation() {
    RandAugment once = new RandAugment(1, 7, 0.5, new byte[] {1, 2, 3});
    Set<Long> results = new HashSet<>();
    int untouched = 0;
    for (int i = 0; i < 400; i++) {
      Image out = once.apply(image, Draws.of(5, "test", i));
      assertThat(out.pixels()).hasSize(image.pixels().length);
      results.add(ImageFileTest.crc(out));
      untouched += Arrays.equals(out.pixels(), image.pixels()) ? 1 : 0;
    }
    // Half of the draws leave the image alone, and autocontrast has nothing to stretch here.
    assertThat(untouched).isBetween(170, 250);
    assertThat(results).hasSizeGreaterThan(100);
    Normalisation half = new Normalisation(new float[] {0.5f, 0.5f, 0.5f}, new float[] {1, 1, 1});
    RandAugment standard = RandAugment.standard(half);
    assertThat(standard.apply(image, Draws.of(1, "test")).pixels())
        .isEqualTo(standard.apply(image, Draws.of(1, "test")).pixels());
    assertThat(standard.fill()).containsExactly((byte) 128, (byte) 128, (byte) 128);
    assertThatThrownBy(() -> new RandAugment(2, 11, 0, new byte[3]))
        .hasMessage(
            "RandAugment needs a count >= 0, a magnitude in [0, 10] and a deviation >= 0, got 2,"
                + " 11.0, 0.0");
  }

  @Test
  void randAugmentWorksOnGreyAndTinyImages() {
    for (int channels : new int[] {1, 3}) {
      RandAugment all = new RandAugment(40, 7, 0.5, new byte[channels]);
      for (int i = 0; i < 20; i++) {
        Image out = all.apply(new Image(1, 1, channels), Draws.of(6, "test", i));
        assertThat(out.pixels()).hasSize(channels);
      }
    }
  }
}
