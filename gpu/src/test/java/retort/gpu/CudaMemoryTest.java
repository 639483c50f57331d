package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import retort.tensor.Device;
import retort.tensor.OutOfDeviceMemory;
import retort.tensor.Parameter;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The card's memory on the emulated card: what a step takes comes back, and a card that is too
/// small says who asked for how much.
class CudaMemoryTest {
  /// Room for 12,000 rows of 32 numbers, and not for 10 more a row.
  private static final long LITTLE = 1_835_008;

  private Device device;

  @BeforeEach
  void open() {
    Emulator.install();
    var precision = Precision.Choice.of(Precision.FLOAT32);
    device = new CudaDevice(Installation.open(), precision, false);
  }

  /// A net of a few kinds of ops; returns its loss.
  private static double step(Device device, Parameter w, int rows) {
    return Tape.train(
        device,
        tape -> {
          Tensor x = tape.normal(Shape.of(rows, 32), new Philox(1, 2));
          Tensor loss = x.linear(w, null).relu().crossEntropy(new int[rows]).mean();
          tape.backward(loss);
          return loss.item();
        });
  }

  @Test
  void aSteadyStepTakesNoFreshMemoryAndLeavesNone() {
    Parameter w = Parameter.of(device, Shape.of(10, 32), new double[320]);
    for (int i = 0; i < 2; i++) step(device, w, 64);
    Device.Memory first = device.memory();
    double loss = step(device, w, 64);
    assertThat(loss).isCloseTo(Math.log(10), within(1e-6));
    assertThat(device.memory()).isEqualTo(first);
  }

  @Test
  void outOfMemoryNamesTheOpAndTheBytesAndLeavesTheDeviceUsable() {
    Parameter w = Parameter.of(device, Shape.of(10, 32), new double[320]);
    step(device, w, 64);
    long live = device.memory().live();
    Emulator.room(LITTLE);
    try {
      assertThatThrownBy(() -> step(device, w, 12_000))
          .isInstanceOf(OutOfDeviceMemory.class)
          .hasMessageMatching(
              "linear: out of memory on cuda: asked for 480,256 bytes while holding [\\d,]+ of the"
                  + " device's [\\d,]+; take a smaller batch or model");
      assertThat(device.memory().live()).isEqualTo(live);
      step(device, w, 64);
    } finally {
      Emulator.room(Emulator.ROOM);
    }
    assertThat(device.memory().live()).isEqualTo(live);
  }

  @Test
  void aCardThatIsFullSaysSo() {
    var library =
        Libraries.of(System.getProperty("retort.cuda.libraries"), Map.of()).cublas(13).library();
    Emulator.room(1 << 20);
    try {
      assertThatThrownBy(() -> new Cublas(library, Installation.open().driver()))
          .isInstanceOf(Missing.class)
          .hasMessage(
              "cuda: the card has no 32 MiB of memory left for cuBLAS to work in; nvidia-smi shows"
                  + " who holds it; CUDA_VISIBLE_DEVICES chooses another card");
    } finally {
      Emulator.room(Emulator.ROOM);
    }
  }

  /// What other sizes left in the lists is given up before memory counts as short.
  @Test
  void unusedBuffersMakeRoom() {
    long live = device.memory().live();
    Emulator.room(64L << 20);
    try {
      for (int i = 1; i <= 20; i++) device.give(device.take(i << 18));
      assertThat(device.memory().live()).isEqualTo(live);
    } finally {
      Emulator.room(Emulator.ROOM);
    }
  }

  /// Nobody closes a module: the memory of one that nothing refers to any more is found when it is
  /// needed.
  @Test
  void forgottenTensorsMakeRoom() {
    float[] numbers = new float[1 << 20];
    Tensor kept = Tensor.persistent(device, Shape.of(numbers.length), numbers);
    Emulator.room(32L << 20);
    try {
      for (int i = 1; i <= 40; i++) {
        numbers[0] = i;
        assertThat(Tensor.persistent(device, Shape.of(numbers.length), numbers).toFloats())
            .startsWith(i, 0);
      }
      assertThat(device.memory().live()).isLessThanOrEqualTo((4L << 20) + (32L << 20));
      assertThat(kept.toFloats()).startsWith(0, 0);
    } finally {
      Emulator.room(Emulator.ROOM);
    }
  }
}
