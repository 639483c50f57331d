package retort.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What only a real card does: work beside the host, and beside its own transfers.
class GpuStreamsTest {
  private static CudaDevice open(boolean graphs) {
    Card.assumed();
    return new CudaDevice(Installation.open(), Precision.Choice.of(Precision.TF32), graphs);
  }

  /// With graphs a training has the bits of the same work started one by one.
  @Test
  void graphsHaveTheSameBits() {
    var plain = new SmallTraining(open(false));
    var graphs = new SmallTraining(open(true));
    for (int i = 0; i < 50; i++) {
      int images = i % 10 == 0 ? 3 : 6;
      assertThat(graphs.step(images)).as("step " + i).isEqualTo(plain.step(images));
    }
    List<float[]> want = plain.weights(), got = graphs.weights();
    for (int i = 0; i < want.size(); i++) assertThat(got.get(i)).isEqualTo(want.get(i));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyUploadArrives(boolean graphs) {
    var uploads = new ManyUploads(open(graphs));
    uploads.next(400);
    uploads.haveArrived();
  }
}
