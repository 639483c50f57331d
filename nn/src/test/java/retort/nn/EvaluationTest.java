package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import retort.nn.data.Samples;
import retort.tensor.Device;

class EvaluationTest {
  /// Seven samples of one number each; the labels are their indices.
  private static final Samples SAMPLES =
      new Samples() {
        @Override
        public int size() {
          return 7;
        }

        @Override
        public int height() {
          return 1;
        }

        @Override
        public int width() {
          return 1;
        }

        @Override
        public int channels() {
          return 1;
        }

        @Override
        public int classes() {
          return 7;
        }

        @Override
        public int label(int index) {
          return index;
        }

        @Override
        public void write(int epoch, int index, int view, float[] out, int at) {
          out[at] = index;
        }
      };

  @Test
  void countsHitsAmongTheLargestLogitsWhateverTheBatchSize() {
    Device device = Device.reference();
    // Logits x * (6, 5, .. 0): sample 0 has all equal, every other prefers class 0, then 1, ...
    Linear net =
        Module.on(
            device,
            1,
            new Linear(1, 7).init((s, d) -> new double[] {6, 5, 4, 3, 2, 1, 0}, Init.zeros()));
    for (int batch : new int[] {1, 3, 7}) {
      Evaluation e = Evaluation.of(net, SAMPLES, batch);
      assertThat(e.total()).isEqualTo(7);
      assertThat(e.correct()).isEqualTo(1);
      assertThat(e.top5()).isEqualTo(5);
      assertThat(e.accuracy()).isCloseTo(1 / 7.0, within(1e-15));
      assertThat(e.loss()).isCloseTo(expectedLoss(), within(1e-12));
    }
    assertThat(net.isTraining()).isTrue();
  }

  private static double expectedLoss() {
    double loss = 0;
    for (int i = 0; i < 7; i++) {
      double sum = 0;
      for (int c = 0; c < 7; c++) sum += Math.exp(i * (6 - c));
      loss += Math.log(sum) - i * (6 - i);
    }
    return loss / 7;
  }

  @Test
  void nanLogitsAreWrong() {
    Device device = Device.reference();
    Evaluation e =
        Evaluation.of(
            device, SAMPLES, 4, x -> x.reshape(-1, 1).add(Double.NaN).expand(x.shape().at(0), 7));
    assertThat(e.top5()).isZero();
    assertThat(e.loss()).isNaN();
  }
}
