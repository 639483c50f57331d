package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.List;
import org.junit.jupiter.api.Test;
import retort.tensor.Back;
import retort.tensor.CustomOp;
import retort.tensor.Device;
import retort.tensor.Forward;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Tensor;
import retort.tensor.Unary;

class GradientCaseTest {
  @Test
  void aFunctionOfTensorsIsCheckedInALine() {
    assertThat(Gradients.check("2x3, 3x4", x -> x[0].matmul(x[1])).passed()).isTrue();
    assertThatGradient((Tensor... x) -> x[0].softmax().log()).at("3x4").matches();
    assertThatGradient((Tensor... x) -> x[0].detach().mul(x[0]))
        .at("3")
        .failsWith(Cause.FACTOR_TWO);
  }

  @Test
  void aBackwardThatOverwritesIsFoundByTwoUses() {
    GradientReport report = GradientCase.of(new Tripled(), "2").check();
    assertThat(report.failures()).extracting(Failure::cause).containsExactly(Cause.NOT_ACCUMULATED);
  }

  /// y = 3x, with a backward that is right but for overwriting what is there.
  private record Tripled() implements CustomOp {
    @Override
    public Shape shape(Shape... in) {
      return in[0];
    }

    @Override
    public void forward(Forward f) {
      f.kernels().unary(Unary.AFFINE, 3, 0, f.x(0), f.y());
    }

    @Override
    public void backward(Back b) {
      b.kernels().unaryGrad(Unary.AFFINE, 3, 0, null, null, b.dy(), Slot.write(b.slot(0).span()));
    }
  }

  @Test
  void parametersAreCheckedAsInputs() {
    GradientReport report = layer(1).check();
    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(report.inputs()).isEqualTo("2x3, 4x3, 4");
    GradientReport wrong = layer(0.5).check();
    assertThat(wrong.toString()).contains("input 1, shape [4, 3]", "a factor 2");
    assertThat(layer(1).check(Device.cpu(1)).passed()).isTrue();
  }

  /// A linear layer whose weight gradient is scaled: half of the weight's use is detached.
  private static GradientCase layer(double attached) {
    return GradientCase.program(
        "layer",
        "2x3",
        device -> {
          Parameter w = Parameter.of(device, Shape.of(4, 3), new double[12]);
          Parameter b = Parameter.of(device, Shape.of(4), new double[4]);
          return new TensorProgram(
              x ->
                  x[0].linear(w, b)
                      .mul(attached)
                      .add(x[0].linear(w.detach(), b.detach()).mul(1 - attached)),
              List.of(w, b));
        });
  }
}
