package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.Device;
import retort.tensor.Op;

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
    return each(one -> {
      GradientReport report = one.check();
      assertThat(report.passed()).as(report.toString()).isTrue();
      assertThat(report.worstRelative()).as(report.toString()).isLessThanOrEqualTo(1e-6);
    });
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    Device cpu = Device.cpu(1);
    return each(one -> {
      GradientReport report = one.check(cpu);
      assertThat(report.passed()).as(report.toString()).isTrue();
    });
  }

  private interface Check {
    void of(GradientCase one);
  }

  private static Stream<DynamicTest> each(Check check) {
    return OpCases.all().stream()
        .map(one ->
            DynamicTest.dynamicTest(one.title() + " at " + one.inputs(), () -> check.of(one)));
  }
}
