package retort.gendd.gradcheck;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.Device;
import retort.tensor.gradcheck.junit.GradientTests;

/// GenDD's parts and the losses of every method against differences: on the reference device, and
/// in float32.
class GenddGradientTest {
  @TestFactory
  Stream<DynamicTest> reference() {
    return GradientTests.of(GenddCases.all());
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    return GradientTests.of(GenddCases.all(), Device.cpu(1));
  }
}
