package retort.tensor.gradcheck.junit;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.tensor.Device;
import retort.tensor.gradcheck.Differentiable;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.GradientCheck;
import retort.tensor.gradcheck.GradientReport;
import retort.tensor.gradcheck.Gradients;
import retort.tensor.gradcheck.TensorFunction;

/// A test class that implements this runs every [CheckGradient] method as tests of its gradient,
/// one a (function, inputs). Each test calls the method anew, so functions share no state. It needs
/// `junit-jupiter-api` and nothing else, and is the only part of the kit that does.
// Not `requires transitive`: whoever reads this module's descriptor would then need JUnit to
// compile.
@SuppressWarnings("exports")
public interface GradientTests {
  @TestFactory
  default Stream<DynamicContainer> gradients() {
    List<Method> methods =
        Stream.<Class<?>>iterate(getClass(), type -> type != null, Class::getSuperclass)
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.isAnnotationPresent(CheckGradient.class))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    if (methods.isEmpty()) {
      throw new IllegalStateException(
          getClass().getName()
              + " has no method marked @CheckGradient; mark those that return a function");
    }
    return methods.stream().map(this::container);
  }

  /// A catalogue as tests: float64 gradients on the reference device, to a part in a million.
  static Stream<DynamicTest> of(List<GradientCase> cases) {
    return cases.stream().map(one -> test(one, one::check));
  }

  /// A catalogue as tests of another device, judged by the reference device's differences.
  static Stream<DynamicTest> of(List<GradientCase> cases, Device float32) {
    return cases.stream().map(one -> test(one, () -> one.check(float32)));
  }

  private static DynamicTest test(GradientCase one, Supplier<GradientReport> check) {
    return DynamicTest.dynamicTest(
        one.title() + " at " + one.inputs(), () -> check.get().orThrow());
  }

  private DynamicContainer container(Method method) {
    CheckGradient mark = method.getAnnotation(CheckGradient.class);
    return DynamicContainer.dynamicContainer(
        method.getName(),
        Arrays.stream(mark.value())
            .map(inputs ->
                DynamicTest.dynamicTest(
                    inputs, () -> check(method).at(inputs).seed(mark.seed()).matches())));
  }

  private GradientCheck check(Method method) throws Throwable {
    GradientCheck check =
        switch (call(method)) {
          case GradientCheck given -> given;
          case Differentiable f -> Gradients.assertThatGradient(f);
          case TensorFunction f -> Gradients.assertThatGradient(f);
          case null, default ->
              throw new IllegalStateException(
                  "@CheckGradient %s must return a Differentiable, a TensorFunction or a GradientCheck; it returned something else"
                      .formatted(method));
        };
    return check.named(method.getName() + "()");
  }

  private Object call(Method method) throws Throwable {
    try {
      method.setAccessible(true);
      return method.invoke(this);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    } catch (InaccessibleObjectException e) {
      throw new IllegalStateException(
          "%s is closed to the kit; make it and its class public in an exported package, or open the package: opens %s to org.junit.platform.commons, retort.tensor;"
              .formatted(method, method.getDeclaringClass().getPackageName()),
          e);
    }
  }
}
