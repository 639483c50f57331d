package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.Binary;
import retort.tensor.Device;
import retort.tensor.Op;
import retort.tensor.gradcheck.junit.GradientTests;
import retort.tensor.op.BinaryOp;

/// Calculus: every op on the reference device against differences, to a part in a million, and on
/// the float32 device against the same differences.
class OpGradientTest {
  @Test
  void everyOpHasAGradientCase() {
    List<Op> covered = OpCases.ops().stream().map(OpCases.OpCase::op).toList();
    assertThat(Arrays.stream(Op.class.getPermittedSubclasses()))
        .allSatisfy(type ->
            assertThat(covered)
                .as("OpCases has no gradient case for " + type.getSimpleName())
                .anyMatch(type::isInstance));
  }

  @TestFactory
  Stream<DynamicTest> reference() {
    return OpCases.all().stream()
        .map(
            one -> DynamicTest.dynamicTest(one.title() + " at " + one.inputs(), () -> strict(one)));
  }

  /// What the tolerances allow beyond 1e-6 is the estimate alone, and it isn't needed.
  private static void strict(GradientCase one) {
    GradientReport report = one.check();
    report.orThrow();
    assertThat(report.worstRelative()).as(report.toString()).isLessThanOrEqualTo(1e-6);
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    return GradientTests.of(OpCases.all(), Device.cpu(1));
  }

  @TestFactory
  Stream<DynamicTest> everyBroadcastPattern() {
    return GradientTests.of(
        Inputs.broadcasts("2x3").stream()
            .map(inputs -> GradientCase.of(new BinaryOp(Binary.MUL), inputs))
            .toList());
  }
}
