package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.tensor.Device;
import retort.tensor.Slot;
import retort.tensor.Span;

/// The ReLU's mask that batch norm's gradient makes again from x is that of y, to the bit: also
/// where y is 0 or what a rounding leaves of 0.
class BatchNormMaskTest {
  private static final int ROWS = 1003, COLS = 37, N = ROWS * COLS;
  private static final double EPS = 1e-5;

  @ParameterizedTest
  @CsvSource({
    "retort.vector.bits, 512",
    "retort.vector.bits, 256",
    "retort.vector.bits, 128",
    "retort.vector, false"
  })
  void isThatOfTheResult(String property, String value) {
    Device device = new Forced(property, value).device(1);
    float[] x = new float[N], dy = new float[N], gamma = new float[COLS], beta = new float[COLS];
    float[] stats = new float[2 * COLS];
    for (int i = 0; i < N; i++) {
      x[i] = i * 7 % 5 * 0.3f; // one of five values a number
      dy[i] = 1 + i % 11;
    }
    for (int c = 0; c < COLS; c++) {
      stats[c] = 0.1f + 0.01f * c;
      stats[COLS + c] = 0.7f + 0.03f * c;
      gamma[c] = c % 3 - 1.1f;
      double scale = gamma[c] / Math.sqrt(stats[COLS + c] + EPS);
      beta[c] = (float) (-scale * (0.6f - stats[c])); // y is about 0 where x is 0.6
    }
    gamma[0] = beta[0] = 0; // y is 0 everywhere
    Span in = span(device, x), d = span(device, dy), s = span(device, stats);
    Span g = span(device, gamma), b = span(device, beta), y = device.take(N);
    device.kernels().batchNorm(ROWS, COLS, EPS, true, in, s, g, b, null, y);
    float[] result = floats(device, y);
    assertThat(IntStream.range(0, N).filter(i -> Math.abs(result[i]) < 1e-6f && x[i] == 0.6f))
        .hasSizeGreaterThan(N / 8);

    float[][] read = gradient(device, in, s, g, null, y, d);
    float[][] again = gradient(device, in, s, g, b, y, d);
    assertThat(again[0]).containsExactly(read[0]);
    assertThat(again[1]).containsExactly(read[1]);
    assertThat(again[2]).containsExactly(read[2]);
  }

  /// dx, dgamma and dbeta; y is read where there is no beta.
  private static float[][] gradient(
      Device device, Span x, Span stats, Span gamma, Span beta, Span y, Span dy) {
    Span dx = device.take(N), dgamma = device.take(COLS), dbeta = device.take(COLS);
    device
        .kernels()
        .batchNormGrad(
            ROWS,
            COLS,
            EPS,
            true,
            true,
            x,
            stats,
            gamma,
            beta,
            y,
            dy,
            Slot.write(dx),
            Slot.write(dgamma),
            Slot.write(dbeta),
            null);
    return new float[][] {floats(device, dx), floats(device, dgamma), floats(device, dbeta)};
  }

  private static Span span(Device device, float[] values) {
    Span s = device.take(values.length);
    device.write(values, 0, s);
    return s;
  }

  private static float[] floats(Device device, Span s) {
    float[] values = new float[s.size()];
    device.read(s, values, 0);
    return values;
  }
}
