package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import retort.tensor.Device;
import retort.tensor.Span;

/// More uploads, one after another, than there is room for on the way to the card. The host changes
/// its array at once, and all go to one place, where each is added to a sum before the next.
final class ManyUploads {
  /// Numbers of which two don't fit into a room of the way to the card.
  private static final int MORE_THAN_HALF = 530_000;

  private final Device device;
  private final float[] numbers = new float[MORE_THAN_HALF];
  private final Span place;
  private final Span sum;
  private int uploads;

  ManyUploads(Device device) {
    this.device = device;
    place = device.take(numbers.length);
    sum = device.take(numbers.length);
    device.kernels().fill(0, sum);
  }

  void next(int times) {
    for (int i = 0; i < times; i++) {
      Arrays.fill(numbers, ++uploads);
      device.write(numbers, 0, place);
      device.kernels().axpby(1, place, 1, sum);
    }
  }

  void haveArrived() {
    device.read(sum, numbers, 0);
    float[] wanted = new float[numbers.length];
    Arrays.fill(wanted, uploads * (uploads + 1) / 2f);
    assertThat(numbers).isEqualTo(wanted);
  }
}
