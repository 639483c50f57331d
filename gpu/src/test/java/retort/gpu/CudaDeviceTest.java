package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;

/// The device around the kernels, on the emulated card: transfers, draws, precision.
class CudaDeviceTest {
  private static Device device;

  @BeforeAll
  static void emulate() {
    device = Emulator.card();
  }

  private static Device open(Precision precision) {
    return new CudaDevice(Installation.open(), precision, false);
  }

  @Test
  void isFoundByItsName() {
    assertThat(Device.of("cuda").name()).isEqualTo("cuda");
    assertThat(new CudaProvider().examine())
        .allMatch(f -> f.remedy().isEmpty())
        .extracting(f -> f.what())
        .containsExactly("cuda", "card", "cublas", "kernels");
  }

  /// Longer than both halves of the memory it goes through.
  @Test
  void carriesLongRunsThereAndBack() {
    double[] there = new double[5_000_001], back = new double[there.length];
    Arrays.setAll(there, i -> i % 1000);
    Span s = device.take(there.length);
    device.write(there, 0, s);
    device.read(s, back, 0);
    assertThat(back).isEqualTo(there);
    float[] some = new float[7];
    device.read(s.slice(4_999_999, 2), some, 3);
    assertThat(some).containsExactly(0, 0, 0, 999, 0, 0, 0);
    device.write(new float[] {9, 8, 7}, 1, s.slice(2, 2));
    device.read(s.slice(1, 4), some, 0);
    assertThat(some).startsWith(1, 8, 7, 4);
    device.give(s);
  }

  private static float[] numbers(Device d, Span s) {
    float[] v = new float[s.size()];
    d.read(s, v, 0);
    return v;
  }

  @Test
  void drawsTheBitsOfTheCpu() {
    Device cpu = Device.cpu();
    Philox draws = Philox.of(3, "bits", 1);
    int n = 100_003;
    Span mine = device.take(n), theirs = cpu.take(n);
    device.kernels().uniform(draws, mine);
    cpu.kernels().uniform(draws, theirs);
    assertThat(numbers(device, mine)).isEqualTo(numbers(cpu, theirs));
    device.kernels().normal(draws, mine);
    cpu.kernels().normal(draws, theirs);
    assertThat(numbers(device, mine)).isEqualTo(numbers(cpu, theirs));
    device.give(mine);
  }

  @Test
  void productsInBfloat16AreOffByTheirRounding() {
    Product p = new Product(2, 33, 17, 65, false, true, true, false);
    Philox draws = new Philox(5, 5);
    float[][] got = new float[3][];
    Precision[] all = Precision.values();
    for (int i = 0; i < 3; i++) {
      Device d = open(all[i]);
      Span a = d.take(2 * 33 * 65), b = d.take(17 * 65), c = d.take(2 * 33 * 17);
      d.kernels().uniform(draws, a);
      d.kernels().uniform(draws, b);
      d.kernels().matmul(p, a, b, null, Slot.write(c));
      got[i] = numbers(d, c);
    }
    assertThat(got[1]).isEqualTo(got[0]); // the emulated card multiplies TF32 in full
    for (int i = 0; i < got[0].length; i++) {
      assertThat(got[2][i])
          .isCloseTo(got[0][i], org.assertj.core.data.Percentage.withPercentage(1));
    }
    assertThat(got[2]).isNotEqualTo(got[0]);
  }
}
