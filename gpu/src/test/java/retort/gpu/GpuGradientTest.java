package retort.gpu;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.gradcheck.OpCases;
import retort.tensor.gradcheck.junit.GradientTests;

/// Every op's gradient on a real card, against differences in double precision.
class GpuGradientTest {
  @TestFactory
  Stream<DynamicTest> everyOp() {
    Card.assumed();
    return GradientTests.of(
        OpCases.all(),
        new CudaDevice(Installation.open(), Precision.Choice.of(Precision.FLOAT32), false));
  }
}
