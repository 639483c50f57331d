package retort.gendd.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.Device;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.GradientReport;

/// GenDD's parts and the losses of every method against differences: on the reference device, and
/// in float32.
class GenddGradientTest {
  @TestFactory
  Stream<DynamicTest> reference() {
    return each(GradientCase::check);
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    Device cpu = Device.cpu(1);
    return each(one -> one.check(cpu));
  }

  private static Stream<DynamicTest> each(Function<GradientCase, GradientReport> check) {
    return GenddCases.all().stream()
        .map(one ->
            DynamicTest.dynamicTest(
                one.title() + " at " + one.inputs(),
                () -> {
                  GradientReport report = check.apply(one);
                  assertThat(report.passed()).as(report.toString()).isTrue();
                }));
  }
}
