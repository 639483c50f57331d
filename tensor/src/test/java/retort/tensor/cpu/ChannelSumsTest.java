package retort.tensor.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import retort.tensor.Span;

class ChannelSumsTest {
  private static final int ROWS = 7, AT = 3, ONE = 5;

  /// In vectors and plain, columns beyond the last pair of vectors among them.
  @ParameterizedTest
  @ValueSource(ints = {1, 16, 64, 83})
  void vectorsAddUpToTheSameBits(int wide) {
    int pitch = wide + 2;
    float[] x = random(ROWS * pitch + AT), d = random(ROWS * pitch + AT), k = random(3 * wide);
    float[] vectors = random(2 * wide + ONE), plain = vectors.clone();
    ChannelSums one = ChannelSums.SUMS, other = new ChannelSums();
    int end = ONE + wide;

    one.moments(x, AT, ROWS, pitch, wide, k, 0, vectors, ONE, end);
    other.moments(x, AT, ROWS, pitch, wide, k, 0, plain, ONE, end);
    assertThat(vectors).isEqualTo(plain);

    one.gradSums(d, AT, x, AT, ROWS, pitch, wide, k, wide, vectors, ONE, end);
    other.gradSums(d, AT, x, AT, ROWS, pitch, wide, k, wide, plain, ONE, end);
    assertThat(vectors).isEqualTo(plain);

    one.gradSumsRelu(d, AT, x, AT, ROWS, pitch, wide, k, 0, wide, 2 * wide, vectors, ONE, end);
    other.gradSumsRelu(d, AT, x, AT, ROWS, pitch, wide, k, 0, wide, 2 * wide, plain, ONE, end);
    assertThat(vectors).isEqualTo(plain);
  }

  /// Channels that fill vectors, that fill them only together, and that never do; several parts,
  /// and a last run that isn't whole.
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 24, 100, 128, 512, 600})
  void momentsAreThoseInDoublePrecision(int cols) {
    int rows = 40_001 / cols;
    float[] x = random(rows * cols), stats = new float[2 * cols];

    new Channels(new Workers(2), rows, cols)
        .moments(new Span(x, 0, x.length), new Span(stats, 0, stats.length));

    for (int c = 0; c < cols; c++) {
      double mean = 0, variance = 0;
      for (int i = c; i < x.length; i += cols) mean += x[i] / (double) rows;
      for (int i = c; i < x.length; i += cols) variance += Math.pow(x[i] - mean, 2) / rows;
      assertThat((double) stats[c]).isCloseTo(mean, within(1e-6));
      assertThat((double) stats[cols + c]).isCloseTo(variance, within(2e-6 * variance));
    }
  }

  private static float[] random(int n) {
    Random random = new Random(n);
    float[] x = new float[n];
    for (int i = 0; i < n; i++) x[i] = (float) random.nextGaussian();
    return x;
  }
}
