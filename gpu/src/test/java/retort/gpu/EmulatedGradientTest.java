package retort.gpu;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.gradcheck.OpCases;
import retort.tensor.gradcheck.junit.GradientTests;

/// Every op's gradient on the emulated card, against differences in double precision.
class EmulatedGradientTest {
  @TestFactory
  Stream<DynamicTest> everyOp() {
    return GradientTests.of(OpCases.all(), Emulator.card());
  }
}
