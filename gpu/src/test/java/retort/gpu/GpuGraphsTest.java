package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Graphs on a real card: the bits of the same work started one by one.
class GpuGraphsTest {
  private static SmallTraining training(boolean graphs) {
    return new SmallTraining(
        new CudaDevice(Installation.open(), Precision.Choice.of(Precision.TF32), graphs));
  }

  @Test
  void aTrainingHasTheSameBits() {
    Card.assumed();
    SmallTraining plain = training(false), graphs = training(true);
    for (int i = 0; i < 50; i++) {
      int images = i % 10 == 0 ? 3 : 6;
      assertThat(graphs.step(images)).as("step " + i).isEqualTo(plain.step(images));
    }
    List<float[]> want = plain.weights(), got = graphs.weights();
    for (int i = 0; i < want.size(); i++) assertThat(got.get(i)).isEqualTo(want.get(i));
  }
}
