package retort.tensor.gradcheck;

/// The way in: `assertThatGradient(f).at("2x3, 3x4").matches()`.
public final class Gradients {
  private Gradients() {}

  public static GradientCheck assertThatGradient(Differentiable f) {
    return new GradientCheck(f);
  }
}
