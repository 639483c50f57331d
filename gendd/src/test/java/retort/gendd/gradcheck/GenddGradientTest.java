package retort.gendd.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.gendd.methods.Methods;
import retort.tensor.Device;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.junit.GradientTests;

/// GenDD's parts and the losses of every method against differences: on the reference device, and
/// in float32.
class GenddGradientTest {
  /// Losses that are detached from what they are computed of, and checked elsewhere in the
  /// catalogue.
  private static final Set<String> DETACHED = Set.of("gendd vb", "gendd-unlabelled vb");

  @TestFactory
  Stream<DynamicTest> everyLossOfEveryMethodHasAGradientCase() {
    Set<String> covered =
        GenddCases.all().stream().map(GradientCase::title).collect(Collectors.toSet());
    return Methods.all().stream()
        .map(method ->
            DynamicTest.dynamicTest(
                method.name(),
                () -> {
                  List<String> losses =
                      DistillerCase.losses(pair -> GenddCases.make(method, pair)).stream()
                          .map(loss -> method.name() + " " + loss)
                          .filter(title -> !DETACHED.contains(title))
                          .toList();
                  assertThat(losses).isNotEmpty();
                  assertThat(covered)
                      .as("GenddCases lacks a gradient case of method " + method.name())
                      .containsAll(losses);
                }));
  }

  @TestFactory
  Stream<DynamicTest> reference() {
    return GradientTests.of(GenddCases.all());
  }

  @TestFactory
  Stream<DynamicTest> cpu() {
    return GradientTests.of(GenddCases.all(), Device.cpu(1));
  }
}
