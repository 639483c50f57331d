package retort.tensor.gradcheck;

import retort.tensor.Device;

/// The way in: `assertThatGradient(f).at("2x3, 3x4").matches()`.
public final class Gradients {
  private Gradients() {}

  public static GradientCheck assertThatGradient(Differentiable f) {
    return new GradientCheck(f);
  }

  /// Checks a function of tensors, on the reference device.
  public static GradientCheck assertThatGradient(TensorFunction f) {
    return assertThatGradient(on(Device.reference(), TensorProgram.of(f)));
  }

  /// `Gradients.check("2x3, 3x4", x -> x[0].matmul(x[1]))`
  public static GradientReport check(String inputs, TensorFunction f) {
    return assertThatGradient(f).at(inputs).check();
  }

  /// A tensor program on a device as a function of arrays; its parameters follow its inputs.
  public static Differentiable on(Device device, TensorProgram program) {
    return new OnDevice(device, program);
  }
}
