package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.assertj.core.data.Percentage;
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
    return new CudaDevice(Installation.open(), Precision.Choice.of(precision), false);
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

  /// A batch of products of draws on [0, 1).
  private static float[] multiplied(Device d, boolean coarse) {
    Product p = new Product(2, 33, 17, 65, false, true, true, false, coarse);
    Philox draws = new Philox(5, 5);
    Span a = d.take(2 * 33 * 65), b = d.take(17 * 65), c = d.take(2 * 33 * 17);
    d.kernels().uniform(draws, a);
    d.kernels().uniform(draws, b);
    d.kernels().matmul(p, a, b, null, Slot.write(c));
    return numbers(d, c);
  }

  @Test
  void productsInBfloat16AreOffByTheirRounding() {
    float[] full = multiplied(open(Precision.FLOAT32), false);
    float[] half = multiplied(open(Precision.BFLOAT16), false);
    // The emulated card multiplies TF32 in full.
    assertThat(multiplied(open(Precision.TF32), false)).isEqualTo(full);
    for (int i = 0; i < full.length; i++) {
      assertThat(half[i]).isCloseTo(full[i], Percentage.withPercentage(1));
    }
    assertThat(half).isNotEqualTo(full);
  }

  @Test
  void coarseProductsAloneAreRoundedWhereThatIsAsked() {
    var choice = new Precision.Choice(Precision.FLOAT32, Precision.BFLOAT16);
    Device d = new CudaDevice(Installation.open(), choice, false);
    assertThat(multiplied(d, false)).isEqualTo(multiplied(open(Precision.FLOAT32), true));
    assertThat(multiplied(d, true)).isEqualTo(multiplied(open(Precision.BFLOAT16), false));
  }

  @Test
  void optionsChooseThePrecision() {
    assertThat(chosen("retort.cuda.products", "BFloat16"))
        .isEqualTo(Precision.Choice.of(Precision.BFLOAT16));
    assertThat(chosen("retort.cuda.coarse", "bfloat16"))
        .isEqualTo(new Precision.Choice(Precision.TF32, Precision.BFLOAT16));
    assertThatThrownBy(() -> chosen("retort.cuda.coarse", "half"))
        .hasMessage("-Dretort.cuda.coarse=half: wants float32, tf32 or bfloat16");
  }

  private static Precision.Choice chosen(String option, String value) {
    String before = System.getProperty(option);
    System.setProperty(option, value);
    try {
      return Precision.Choice.chosen();
    } finally {
      if (before == null) System.clearProperty(option);
      else System.setProperty(option, before);
    }
  }
}
