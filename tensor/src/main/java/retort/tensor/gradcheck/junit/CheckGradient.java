package retort.tensor.gradcheck.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a method without parameters of a [GradientTests] class whose result is to be checked: a
/// `Differentiable` or a `TensorFunction`, or a `GradientCheck` where options are wanted. One test
/// a line of inputs.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface CheckGradient {
  /// Inputs as in `GradientCheck.at`: `"2x3, 3x4:positive"`.
  String[] value();

  long seed() default 1;
}
