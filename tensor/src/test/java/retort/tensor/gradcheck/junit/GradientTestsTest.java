package retort.tensor.gradcheck.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import retort.tensor.gradcheck.Differentiable;
import retort.tensor.gradcheck.GradientCheck;
import retort.tensor.gradcheck.TensorFunction;

/// Runs its own marked methods through JUnit, and looks at what a broken class would get.
class GradientTestsTest implements GradientTests {
  @CheckGradient({"3", "0", "scalar", "2x3:ties"})
  Differentiable doubled() {
    return scaled(2);
  }

  @CheckGradient("2x2, 2x2")
  TensorFunction product() {
    return x -> x[0].matmul(x[1]);
  }

  @CheckGradient({"4", "100000"})
  GradientCheck quickly() {
    return assertThatGradient(scaled(3)).fastMode(true);
  }

  @Test
  void aMethodBecomesOneTestAnInput() {
    List<DynamicTest> tests = tests(new GradientTestsTest());
    assertThat(tests)
        .extracting(DynamicNode::getDisplayName)
        .containsExactly("3", "0", "scalar", "2x3:ties", "2x2, 2x2", "4", "100000");
  }

  @Test
  void aWrongGradientFailsWithTheKitsText() {
    List<DynamicTest> tests = tests(broken());
    assertThat(tests).hasSize(3);
    assertThatThrownBy(() -> tests.get(2).getExecutable().execute())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("gradient of wrong() at 2x2 is wrong")
        .hasMessageContaining("suspected cause: sign flipped")
        .hasMessageContaining("replay: assertThatGradient(wrong()).at(\"2x2\").seed(1).matches();");
  }

  @Test
  void aMethodOfTheWrongKindIsRefusedByName() {
    assertThatThrownBy(() -> tests(broken()).getFirst().getExecutable().execute())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("text()")
        .hasMessageContaining("must return a Differentiable, a TensorFunction or a GradientCheck");
  }

  /// Local, or JUnit would run it as a suite of its own.
  private static GradientTests broken() {
    class Broken implements GradientTests {
      @CheckGradient({"3", "2x2"})
      Differentiable wrong() {
        return Differentiable.of(x -> scaled(2).apply(x), (x, dy) -> scaled(-2).vjp(x, dy));
      }

      @CheckGradient("3")
      String text() {
        return "no function";
      }
    }
    return new Broken();
  }

  @Test
  void aClassWithoutMarkedMethodsIsRefused() {
    GradientTests empty = new GradientTests() {};
    assertThatThrownBy(empty::gradients)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("has no method marked @CheckGradient");
  }

  private static List<DynamicTest> tests(GradientTests suite) {
    return suite
        .gradients()
        .<DynamicNode>flatMap(container -> container.getChildren())
        .map(DynamicTest.class::cast)
        .toList();
  }

  private static Differentiable scaled(double by) {
    return Differentiable.flat(x -> times(x[0], by), (x, dy) -> new double[][] {times(dy, by)});
  }

  private static double[] times(double[] x, double by) {
    return Arrays.stream(x).map(v -> by * v).toArray();
  }
}
