package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected values are PIL 12.3's on the same synthetic image, to the bit where they are checksums.
class ResampleTest {
  /// A 61x97 image of curved stripes.
  static Image stripes() {
    Image image = new Image(61, 97, 3);
    for (int y = 0; y < 61; y++) {
      for (int x = 0; x < 97; x++) {
        for (int c = 0; c < 3; c++) {
          image.pixels()[(y * 97 + x) * 3 + c] =
              (byte) (y * y * 3 + x * 11 + y * x * (c + 1) + c * 50);
        }
      }
    }
    return image;
  }

  @ParameterizedTest
  @CsvSource({
    "BILINEAR, 224, 224, 2673799670",
    "BILINEAR, 32, 40, 165536034",
    "BILINEAR, 61, 33, 2874733688",
    "BILINEAR, 7, 5, 4055508779",
    "BILINEAR, 1, 1, 1533748363",
    "BICUBIC, 224, 224, 2885013709",
    "BICUBIC, 32, 40, 4177810769",
    "BICUBIC, 61, 33, 2481266545",
    "BICUBIC, 7, 5, 1467014425",
    "BICUBIC, 1, 1, 1533748363"
  })
  void resizesAsPilDoes(Resample filter, int height, int width, long expected) {
    Image resized = filter.resize(stripes(), height, width);
    assertThat(resized.height()).isEqualTo(height);
    assertThat(resized.width()).isEqualTo(width);
    assertThat(ImageFileTest.crc(resized)).isEqualTo(expected);
  }

  @Test
  void onePixelFillsAnyImage() {
    Image one = stripes().window(4, 3, 1, 1);
    assertThat(one.pixels()).containsExactly(93, (byte) 155, (byte) 217);
    assertThat(ImageFileTest.crc(Resample.BICUBIC.resize(one, 5, 6))).isEqualTo(371213655L);
  }

  @Test
  void resizeShortKeepsProportions() {
    Image wide = new Geometry.ResizeShort(30, Resample.BILINEAR).apply(stripes(), null);
    assertThat(List.of(wide.height(), wide.width())).containsExactly(30, 47);
    Image tall = new Image(97, 61, 3);
    Image small = new Geometry.ResizeShort(30, Resample.BILINEAR).apply(tall, null);
    assertThat(List.of(small.height(), small.width())).containsExactly(47, 30);
  }

  @Test
  void centerCropTakesTheMiddleOrPads() {
    Image row = new Image(1, 5, 1, new byte[] {1, 2, 3, 4, 5});
    assertThat(new Geometry.CenterCrop(1).apply(row, null).pixels()).containsExactly(3);
    assertThat(new Geometry.CenterCrop(3).apply(row, null).pixels())
        .containsExactly(0, 0, 0, 2, 3, 4, 0, 0, 0);
  }

  @Test
  void randomResizedCropStaysWithinItsShares() {
    // An image whose pixels name their place shows what was cut out.
    Image image = new Image(100, 100, 3);
    for (int i = 0; i < 10_000; i++) {
      image.pixels()[3 * i] = (byte) (i / 100);
      image.pixels()[3 * i + 1] = (byte) (i % 100);
    }
    Transform crop = new Geometry.RandomResizedCrop(50, 0.25, 0.5, Resample.BILINEAR);
    int corners = 0;
    for (int i = 0; i < 300; i++) {
      Image out = crop.apply(image, Draws.of(3, "test", i));
      assertThat(out.pixels()).hasSize(50 * 50 * 3);
      double h = (out.at(49, 0, 0) - out.at(0, 0, 0)) * 50 / 49.0;
      double w = (out.at(0, 49, 1) - out.at(0, 0, 1)) * 50 / 49.0;
      assertThat(h * w / 10_000).isBetween(0.23, 0.53);
      assertThat(w / h).isBetween(0.7, 1.42);
      corners += out.at(0, 0, 0) < 10 ? 1 : 0;
    }
    assertThat(corners).isBetween(30, 150);
  }

  @Test
  void randomResizedCropFallsBackToTheMiddleOfExtremeImages() {
    Transform crop = new Geometry.RandomResizedCrop(8, 0.9, 1, Resample.BICUBIC);
    for (int[] extent : new int[][] {{1, 1}, {1, 300}, {300, 1}, {2, 90}}) {
      Image out = crop.apply(new Image(extent[0], extent[1], 3), Draws.of(1, "test"));
      assertThat(Arrays.asList(out.height(), out.width())).containsExactly(8, 8);
    }
    assertThatThrownBy(() -> new Geometry.RandomResizedCrop(8, 0, 1, Resample.BICUBIC))
        .hasMessage("shares of the area must be 0 < min <= max <= 1, got 0.0, 1.0");
  }

  @Test
  void anEvaluationViewOfAPhotographHasTheRightSize() throws IOException {
    byte[] jpeg = ImageFileTest.decode64(ImageFileTest.COLOUR);
    Image image = ImageFile.read(jpeg, "f");
    Transform resize = new Geometry.ResizeShort(256, Resample.BICUBIC);
    Image view = new Geometry.CenterCrop(224).apply(resize.apply(image, null), null);
    assertThat(List.of(view.height(), view.width())).containsExactly(224, 224);
  }
}
