package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retort.tensor.Device;
import retort.tensor.Span;

/// The host's numbers come beside the card's work, on an emulated card whose streams run as late as
/// they may: what doesn't wait for what it needs finds the wrong numbers.
class UploadsTest {
  @BeforeAll
  static void install() {
    Emulator.install();
  }

  @AfterEach
  void atOnce() {
    Emulator.late(false);
  }

  private static Device open(boolean graphs) {
    return new CudaDevice(Installation.open(), Precision.Choice.of(Precision.FLOAT32), graphs);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anUploadDoesNotWaitForTheCard(boolean graphs) {
    Device device = open(graphs);
    float[] there = new float[2_500_000], back = new float[there.length]; // three rooms
    for (int i = 0; i < there.length; i++) there[i] = i % 1000;
    float[] copy = there.clone();
    Span s = device.take(there.length);
    Emulator.late(true);
    long before = Emulator.calls("kernel");
    device.kernels().fill(7, s);
    device.write(there, 0, s);
    Arrays.fill(there, -1); // the caller's again
    assertThat(Emulator.calls("kernel")).isEqualTo(before);
    device.read(s, back, 0);
    assertThat(back).isEqualTo(copy);
  }

  /// The host waits for room, but not before there is none.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyUploadArrives(boolean graphs) {
    var uploads = new ManyUploads(open(graphs));
    Emulator.late(true);
    long before = Emulator.calls("kernel");
    uploads.next(30);
    assertThat(Emulator.calls("kernel")).isEqualTo(before);
    uploads.next(10);
    assertThat(Emulator.calls("kernel")).isGreaterThan(before);
    uploads.haveArrived();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTrainingHasTheBitsOfOneThatWaits(boolean graphs) {
    var atOnce = new SmallTraining(open(false));
    double[] losses = new double[6];
    for (int i = 0; i < losses.length; i++) losses[i] = atOnce.step(4);
    var late = new SmallTraining(open(graphs));
    Emulator.late(true);
    for (double loss : losses) assertThat(late.step(4)).isEqualTo(loss);
    assertThat(late.weights()).usingRecursiveComparison().isEqualTo(atOnce.weights());
  }
}
