package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {
  /// In vectors and plain, at every tap: what is no number stays, infinities count as numbers.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9})
  void maximaOfRunsKeepWhatIsNoNumber(int count) {
    int n = 83;
    Random random = new Random(count);
    float[] special = {Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, 1, -1};
    float[] x = new float[count * n + 5], y = new float[n + 2], plain = new float[n + 2];
    int[] taps = new int[count];
    for (int i = 0; i < x.length; i++) x[i] = special[random.nextInt(special.length)];
    for (int t = 0; t < count; t++) taps[t] = t * n;

    Runs.RUNS.maxima(x, 5, taps, count, y, 2, n);
    new Runs().maxima(x, 5, taps, count, plain, 2, n);

    float[] expected = new float[n + 2];
    for (int i = 0; i < n; i++) {
      float max = Float.NEGATIVE_INFINITY;
      for (int tap : taps) max = Math.max(max, x[5 + tap + i]);
      expected[2 + i] = max;
    }
    assertThat(y).isEqualTo(expected);
    assertThat(plain).isEqualTo(expected);
  }
}
