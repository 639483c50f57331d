package retort.gendd.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.gendd.Labels;
import retort.gendd.OnDevices;
import retort.gendd.OnDevices.Near;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Expected numbers were computed with the methods' published code (mdistiller, DKL) in PyTorch.
class LogitLossesTest {
  private static final Labels LABELS = Labels.of(0, 3, 2);

  /// A loss of (student, teacher) logits `[3, 5]`.
  private static Stream<DynamicTest> golden(
      BiFunction<Tensor, Tensor, Tensor> loss, double expected, double... gradientOfRow0) {
    return OnDevices.both(
        1e-6,
        1e-5,
        on -> {
          Tensor s = on.variable(Shape.of(3, 5), 2, 1.3, .1);
          Tensor l = loss.apply(s, on.wave(Shape.of(3, 5), 3, .9, .7));
          on.check(l.item(), expected);
          on.tape().backward(l);
          if (gradientOfRow0.length > 0) on.check(s.grad().narrow(0, 0, 1), gradientOfRow0);
        });
  }

  @TestFactory
  Stream<DynamicTest> labels() {
    return golden((s, t) -> LABELS.crossEntropy(s).mean(), 2.92927544);
  }

  @TestFactory
  Stream<DynamicTest> labelsOneClassAtATime() {
    Labels binary = new Labels(new int[] {0, 3, 2}, null, 0, true);
    return golden(
        (s, t) -> binary.crossEntropy(s).mean(),
        1.00375318,
        -.03001656,
        .05851385,
        .04677098,
        .01202701,
        .01061028);
  }

  @TestFactory
  Stream<DynamicTest> smoothedLabelsOneClassAtATime() {
    Labels binary = new Labels(new int[] {0, 3, 2}, null, .1, true);
    return golden(
        (s, t) -> binary.crossEntropy(s).mean(),
        .99377500,
        -.02468323,
        .05718051,
        .04543764,
        .01069368,
        .00927695);
  }

  @Test
  void mixedLabelsOneClassAtATimeAndFarOut() {
    Tape.infer(
        Device.cpu(1),
        tape -> {
          Tensor half = tape.input(Shape.of(1, 3), .5f, .5f, 0);
          Labels mixed = new Labels(new int[] {0}, half, 0, true);
          double loss = mixed.crossEntropy(tape.input(Shape.of(1, 3), 200, -200, 0)).item();
          assertThat(loss).isCloseTo((100 + 100 + Math.log(2)) / 3, within(1e-4));
          return null;
        });
  }

  @TestFactory
  Stream<DynamicTest> kdAtTemperatureFour() {
    return golden(
        (s, t) -> Kd.loss(t, s, 4), 2.88743428, -.059985, -.011384, -.001674, .007307, .065736);
  }

  @TestFactory
  Stream<DynamicTest> kdAtTemperatureOne() {
    return golden((s, t) -> Kd.loss(t, s, 1), 1.81355688);
  }

  @TestFactory
  Stream<DynamicTest> dkdOfTheTarget() {
    return golden((s, t) -> Dkd.target(s, t, LABELS, 4), .82467580);
  }

  @TestFactory
  Stream<DynamicTest> dkdAmongTheOthers() {
    return golden((s, t) -> Dkd.others(s, t, LABELS, 4), 2.59399881);
  }

  @TestFactory
  Stream<DynamicTest> dkdWhole() {
    return golden(
        (s, t) -> Dkd.target(s, t, LABELS, 4).add(Dkd.others(s, t, LABELS, 4).mul(8)), 21.57666630);
  }

  @TestFactory
  Stream<DynamicTest> iklSquare() {
    return golden(
        (s, t) -> IklKd.square(s, t, t.mul(.01).softmax(), 1),
        3.10168452,
        -.070456,
        -.023090,
        -.016936,
        -.003780,
        .114262);
  }

  @TestFactory
  Stream<DynamicTest> iklWhole() {
    return golden(
        (s, t) ->
            IklKd.square(s, t, t.mul(.01).softmax(), 1).mul(8).add(IklKd.softCrossEntropy(s, t, 4)),
        26.50074707);
  }

  private static Tensor prior() {
    return Tape.current().input(Shape.of(3, 5), OnDevices.wave(15, 1, .37, .2)).softmax();
  }

  @TestFactory
  Stream<DynamicTest> iklWithClassPriors() {
    return golden(
        (s, t) -> IklKd.square(s, t, prior(), 1).add(IklKd.softCrossEntropy(s, t, 1)), 5.67456099);
  }

  @TestFactory
  Stream<DynamicTest> gklWithClassPriors() {
    return golden(
        (s, t) -> IklKd.square(s, t, prior(), .6).mul(.5).add(IklKd.softCrossEntropy(s, t, 1)),
        4.21752772);
  }

  @Test
  void theShortFormOfTheSquareIsTheLongOne() {
    double[] s = OnDevices.wave(15, 2, 1.3, .1), t = OnDevices.wave(15, 3, .9, .7);
    double sum = 0;
    double[] q = new double[15];
    for (int r = 0; r < 3; r++) {
      double all = 0;
      for (int c = 0; c < 5; c++) all += q[5 * r + c] = Math.exp(t[5 * r + c] / 100);
      for (int c = 0; c < 5; c++) q[5 * r + c] /= all;
      for (int i = 5 * r; i < 5 * r + 5; i++) {
        for (int j = 5 * r; j < 5 * r + 5; j++) {
          double d = (t[i] - t[j]) - (s[i] - s[j]);
          sum += q[i] * q[j] * d * d;
        }
      }
    }
    double expected = sum / 4 / 3;
    Tape.infer(
        Device.reference(),
        tape -> {
          Near on = new Near(tape, 0);
          Tensor teacher = on.wave(Shape.of(3, 5), 3, .9, .7);
          Tensor square =
              IklKd.square(
                  on.wave(Shape.of(3, 5), 2, 1.3, .1), teacher, teacher.mul(.01).softmax(), 1);
          assertThat(square.item()).isCloseTo(expected, within(1e-12));
          return null;
        });
  }

  @Test
  void standardisedLogitsForgetShiftAndScale() {
    Tape.infer(
        Device.reference(),
        tape -> {
          Near on = new Near(tape, 1e-6);
          Tensor z = on.wave(Shape.of(3, 5), 2, 1.3, .1);
          Tensor standard = LogitStandardisation.standardised(z);
          on.check(standard.mean(-1), 0, 0, 0);
          on.check(standard.square().sum(-1).mul(.25), 1, 1, 1); // unbiased: over c - 1
          on.check(LogitStandardisation.loss(z, z.affine(3, 7), 2).item(), 0);
          Tensor other = on.wave(Shape.of(3, 5), 3, .9, .7);
          Tensor byHand = Kd.loss(LogitStandardisation.standardised(other), standard, 2);
          on.check(LogitStandardisation.loss(other, z, 2).item(), byHand.item());
          assertThat(byHand.item()).isPositive();
          return null;
        });
  }

  @Test
  void gradients() {
    String logits = "3x5, 3x5";
    assertThatGradient(x -> Kd.loss(x[1].detach(), x[0], 3)).at(logits).wrt(0).matches();
    assertThatGradient(x -> Dkd.target(x[0], x[1], LABELS, 4)).at(logits).wrt(0).matches();
    assertThatGradient(x -> Dkd.others(x[0], x[1], LABELS, 4)).at(logits).wrt(0).matches();
    assertThatGradient(x -> IklKd.square(x[0], x[1], x[1].softmax(), 1))
        .at(logits)
        .wrt(0)
        .matches();
    assertThatGradient(x -> IklKd.square(x[0], x[1], x[1].softmax(), .6))
        .at(logits)
        .wrt(0)
        .matches();
    assertThatGradient(x -> IklKd.softCrossEntropy(x[0], x[1], 4)).at(logits).wrt(0).matches();
    assertThatGradient(x -> LogitStandardisation.loss(x[1], x[0], 2)).at(logits).wrt(0).matches();
  }
}
