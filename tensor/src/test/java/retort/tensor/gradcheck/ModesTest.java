package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Forward mode, float32 and the chosen inputs.
class ModesTest {
  /// y = a x + x^2 / 2, whose jvp is scaled and whose numbers are rounded to float on demand.
  private record Curve(double jvpFactor, boolean inFloat, double vjpFactor)
      implements Differentiable {
    @Override
    public NdArray apply(NdArray... x) {
      return each(x[0], (v, i) -> 2 * v + v * v / 2);
    }

    @Override
    public NdArray[] vjp(NdArray[] x, NdArray dy) {
      return new NdArray[] {each(x[0], (v, i) -> vjpFactor * (2 + v) * dy.data()[i])};
    }

    @Override
    public Optional<NdArray> jvp(NdArray[] x, NdArray[] dx) {
      return Optional.of(each(x[0], (v, i) -> jvpFactor * (2 + v) * dx[0].data()[i]));
    }

    private interface Value {
      double of(double v, int i);
    }

    private NdArray each(NdArray x, Value f) {
      NdArray y = x.copy();
      for (int i = 0; i < y.size(); i++) {
        double value = f.of(x.data()[i], i);
        y.data()[i] = inFloat ? (float) value : value;
      }
      return y;
    }
  }

  private static final Curve RIGHT = new Curve(1, false, 1);

  @Test
  void forwardModeIsComparedInEveryMode() {
    for (Mode mode : Mode.values()) {
      assertThatGradient(RIGHT).at("5").mode(mode).matches();
      assertThatGradient(new Curve(-1, false, 1)).at("5").mode(mode).failsWith(Cause.FORWARD_MODE);
    }
  }

  @Test
  void theIdentityCannotSeeWhatBothModesGetWrong() {
    Curve bothTwice = new Curve(2, false, 2);
    assertThatGradient(bothTwice).at("5").mode(Mode.IDENTITY).matches();
    assertThatGradient(bothTwice).at("5").failsWith(Cause.FACTOR_TWO);
    assertThatGradient(bothTwice).at("5").fastMode(true).failsWith(Cause.FACTOR_TWO);
  }

  @Test
  void float32IsJudgedByFloat64() {
    Curve inFloat = new Curve(1, true, 1);
    assertThatGradient(inFloat).against(RIGHT).at("50").matches();
    assertThatGradient(new Curve(1, true, 1.01)).against(RIGHT).at("50").failsWith(Cause.SCALED);
    assertThat(assertThatGradient(inFloat).at("50").check().passed())
        .as("its own differences are noise")
        .isFalse();
    assertThatGradient(inFloat)
        .against(Differentiable.flat(x -> new double[50], (x, dy) -> x))
        .at("50")
        .failsWith(Cause.FORWARD_DIFFERS);
  }

  @Test
  void onlyTheInputsAskedForAreDifferentiated() {
    Differentiable scaled =
        Differentiable.flat(
            x -> new double[] {x[0][0] * x[1][0]},
            (x, dy) -> new double[][] {{dy[0] * x[1][0]}, null});
    assertThatGradient(scaled).at("1, 1").wrt(0).matches();
    assertThatGradient(scaled).at("1, 1").failsWith(Cause.ZERO);
  }
}
