package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What a failure says, and what the kit says to those who ask it wrongly.
class FailureTextTest {
  private static final Differentiable SQUARE =
      Differentiable.flat(
          x -> Arrays.stream(x[0]).map(v -> v * v).toArray(),
          (x, dy) -> {
            double[] dx = x[0].clone();
            Arrays.setAll(dx, i -> dx[i] * dy[i]);
            return new double[][] {dx};
          });

  @Test
  void aFailureShowsEntriesCauseAndReplay() {
    assertThatThrownBy(
            () -> assertThatGradient(SQUARE).named("square").at(NdArray.vector(3, -1)).matches())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("gradient of square at 2 is wrong")
        .hasMessageContaining("input 0, shape [2]: 2 of 4 Jacobian entries are wrong")
        .hasMessageContaining("d out[0] / d in0[0]   analytic       3.0000   numeric       6.0000")
        .hasMessageContaining("absolute 3.0   relative 0.50   estimate")
        .hasMessageContaining("suspected cause: a factor 2 (analytic = 0.500000 x numeric")
        .hasMessageContaining(
            "replay: assertThatGradient(square).at(new NdArray(new double[] {3.0, -1.0},"
                + " 2)).matches();");
  }

  @Test
  void anExceptionIsAFinding() {
    GradientReport report =
        assertThatGradient(
                Differentiable.flat(
                    x -> {
                      throw new IllegalStateException("needs a batch");
                    },
                    (x, dy) -> x))
            .at("3")
            .check();
    assertThat(report.toString()).contains("needs a batch", "suspected cause: an exception");
  }

  @Test
  void aRoughFunctionCannotHideBehindKinks() {
    assertThatGradient(
            Differentiable.flat(
                x -> Arrays.stream(x[0]).map(v -> v + Math.sin(1e9 * v)).toArray(),
                (x, dy) -> new double[][] {new double[dy.length]}))
        .at("4")
        .failsWith(Cause.TOO_MANY_KINKS);
  }

  @Test
  void aWrongSlopeAtAKinkIsSeen() {
    Differentiable relu =
        Differentiable.flat(
            x -> Arrays.stream(x[0]).map(v -> Math.max(v, 0)).toArray(),
            (x, dy) -> {
              double[] dx = x[0].clone();
              Arrays.setAll(dx, i -> x[0][i] > 0 ? dy[i] : x[0][i] == 0 ? 3 * dy[i] : 0);
              return new double[][] {dx};
            });
    assertThatGradient(relu).at(NdArray.vector(1, -1, 2, -2)).matches();
    assertThatGradient(relu).at(NdArray.vector(1, 0, 2, -2)).failsWith(Cause.NOT_SUBGRADIENT);
  }

  @Test
  void aMaximumThatSendsItsGradientToBothOfATieIsSeen() {
    assertThatGradient(maximum(1)).at(NdArray.vector(1, 2), NdArray.vector(3, 0)).matches();
    assertThatGradient(maximum(0.5)).at(NdArray.vector(1, 2), NdArray.vector(1, 0)).matches();
    assertThatGradient(maximum(1))
        .at(NdArray.vector(1, 2), NdArray.vector(1, 0))
        .failsWith(Cause.NOT_SUBGRADIENT);
    assertThat(
            assertThatGradient(maximum(1))
                .at(NdArray.vector(1, 2), NdArray.vector(1, 0))
                .check()
                .toString())
        .contains(
            "output [0]: moving the tied in0[0], in1[0] together has slopes 1.0000 and 1.0000, but"
                + " their gradients add up to 2.0000");
  }

  /// max(a, b), with a share of the gradient for each of two equals.
  private static Differentiable maximum(double share) {
    return Differentiable.flat(
        x -> {
          double[] y = x[0].clone();
          Arrays.setAll(y, i -> Math.max(x[0][i], x[1][i]));
          return y;
        },
        (x, dy) -> {
          double[] da = dy.clone();
          double[] db = dy.clone();
          Arrays.setAll(da, i -> part(x[0][i], x[1][i], share) * dy[i]);
          Arrays.setAll(db, i -> part(x[1][i], x[0][i], share) * dy[i]);
          return new double[][] {da, db};
        });
  }

  private static double part(double mine, double other, double share) {
    return mine > other ? 1 : mine == other ? share : 0;
  }

  @Test
  void largeInputsAreCheckedAlongADirectionAndNarrowedDown() {
    Differentiable sparse =
        Differentiable.flat(
            x -> new double[] {Arrays.stream(x[0]).map(v -> v * v / 2).sum()},
            (x, dy) -> {
              double[] dx = x[0].clone();
              Arrays.setAll(dx, i -> dx[i] * dy[0] + (i == 70_001 ? dy[0] : 0));
              return new double[][] {dx};
            });
    assertThat(assertThatGradient(sparse).at("100000").fastMode(true).check().toString())
        .contains("narrowed down to", "d <u, out> / d in0[70001]");
  }

  @Test
  void refusalsSayWhatToDo() {
    assertThatThrownBy(() -> assertThatGradient(SQUARE).at("2y3"))
        .hasMessage(
            "can't read input '2y3' of \"2y3\"; write extents joined by x (2x3, or scalar), and"
                + " after a colon one of [normal, positive, unit, simplex, ties, distinct, large,"
                + " small, mixed]");
    assertThatThrownBy(() -> assertThatGradient(SQUARE).check())
        .hasMessageContaining("no inputs: say at(\"2x3, 3x4\")");
    assertThatThrownBy(() -> assertThatGradient(SQUARE).at("2").wrt(1).check())
        .hasMessageContaining("wrt(1), but the function is checked at 1 inputs");
    assertThatThrownBy(() -> new NdArray(new double[3], 2, 2))
        .hasMessageContaining("shape [2, 2] holds 4 values, but 3 were given");
    assertThatThrownBy(() -> NdArray.zeros(2, -1)).hasMessageContaining("negative extent");
    assertThatThrownBy(() -> assertThatGradient(SQUARE).eps(0))
        .hasMessageContaining("eps must be positive");
    assertThatThrownBy(() -> assertThatGradient(SQUARE).maxKinks(2))
        .hasMessageContaining("maxKinks is a share of the inputs, between 0 and 1; got 2.0");
    assertThat(assertThatGradient(SQUARE).at("3000").check().toString())
        .contains("the Jacobian has 9,000,000 entries", "use fastMode(true)");
    assertThat(assertThatGradient(SQUARE).at("3").mode(Mode.IDENTITY).check().toString())
        .contains("override Differentiable.jvp");
  }
}
