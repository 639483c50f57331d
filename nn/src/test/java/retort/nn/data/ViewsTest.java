package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ViewsTest {
  private final Dataset data = FashionMnist.embedded().heldOut();

  @Test
  void plainViewsAreTheNormalisedPixels() throws IOException {
    float[] out = new float[1 + 32 * 32];
    Views.plain(data).write(3, 5, 0, out, 1);
    Normalisation n = data.normalisation();
    Image image = data.image(5);
    for (int i = 0; i < 32 * 32; i++) {
      float expected = ((image.pixels()[i] & 0xff) / 255f - n.mean()[0]) / n.std()[0];
      assertThat(out[1 + i]).isEqualTo(expected);
    }
  }

  @Test
  void anyViewCanBeRecomputed() throws IOException {
    Views views = Views.cropped(data, 11);
    float[] first = write(views, 2, 17, 3);
    write(views, 0, 1, 0);
    assertThat(write(Views.cropped(data, 11), 2, 17, 3)).isEqualTo(first);
    assertThat(write(views, 3, 17, 3)).isNotEqualTo(first);
    assertThat(write(views, 2, 17, 4)).isNotEqualTo(first);
    assertThat(write(Views.cropped(data, 12), 2, 17, 3)).isNotEqualTo(first);
  }

  @Test
  void cropsShiftByUpToThePaddingAndFillWithBlack() {
    Image image = new Image(1, 3, 1, new byte[] {1, 2, 3});
    assertThat(image.window(0, 1, 1, 3).pixels()).containsExactly(2, 3, 0);
    assertThat(image.window(0, -2, 1, 3).pixels()).containsExactly(0, 0, 1);
    assertThat(image.window(1, 0, 1, 3).pixels()).containsExactly(0, 0, 0);
    assertThat(image.window(0, 5, 1, 3).pixels()).containsExactly(0, 0, 0);
    assertThat(image.flipped().pixels()).containsExactly(3, 2, 1);
    int[] shifts = new int[5];
    Transform crop = new Transform.RandomCrop(2);
    byte[] pixels = {1, 2, 3, 4, 5};
    for (int i = 0; i < 1000; i++) {
      Image out =
          crop.apply(new Image(1, 5, 1, pixels).window(-2, 0, 5, 5), Draws.of(1, "test", i));
      for (byte row = 0; row < 5; row++) {
        int middle = out.at(row, 2, 0);
        if (middle > 0) {
          shifts[middle - 1]++;
        }
      }
    }
    for (int count : shifts) {
      assertThat(count).isBetween(150, 250);
    }
  }

  @Test
  void refusesTransformsThatLeaveAnotherSize() {
    Views views = Views.of(data, 0, (image, draws) -> image.window(0, 0, 8, 9));
    assertThatThrownBy(() -> write(views, 0, 4, 0))
        .hasMessageStartingWith("image 4 leaves its transforms [")
        .hasMessageEndingWith(
            "] as 8x9x1, expected 32x32x1; end them with a resize or crop to that size");
  }

  @Test
  void anImageNeedsItsPixels() {
    assertThatThrownBy(() -> new Image(0, 2, 3, new byte[0]))
        .hasMessage("an image needs at least one pixel, got 0x2x3");
    assertThatThrownBy(() -> new Image(1, 2, 3, new byte[5]))
        .hasMessage("an image of 1x2x3 has 6 bytes, got 5");
  }

  private static float[] write(Views views, int epoch, int index, int view) throws IOException {
    float[] out = new float[views.floats()];
    Arrays.fill(out, Float.NaN);
    views.write(epoch, index, view, out, 0);
    assertThat(out).doesNotContain(Float.NaN);
    return out;
  }
}
