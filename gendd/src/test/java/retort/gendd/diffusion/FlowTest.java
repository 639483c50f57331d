package retort.gendd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import retort.gendd.OnDevices;
import retort.gendd.StepDraws;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

class FlowTest {
  private static final Device DEVICE = Device.reference();
  private static final StepDraws DRAWS = new StepDraws(4, 2);

  /// A small head whose parameters are all away from zero.
  private static DenoisingHead head(int times) {
    return head(DEVICE, times);
  }

  private static DenoisingHead head(Device device, int times) {
    DenoisingHead head =
        Module.on(
            device, 0, new DenoisingHead(new DenoisingHead.Size(4, 3, 5, 8, 2, 4).times(times)));
    int q = 0;
    for (Map.Entry<String, Parameter> e : head.parameters().entrySet()) {
      double[] v = OnDevices.wave(e.getValue().shape().size(), 0.3, 1.7, 0.9 * q++ + 0.3);
      if (e.getKey().endsWith("norm.weight")) for (int i = 0; i < v.length; i++) v[i]++;
      e.getValue().set(v);
    }
    return head;
  }

  private static ConditionedHead given(DenoisingHead head, Tape tape, double keep) {
    Tensor z = tape.input(Shape.of(2, 5), OnDevices.wave(10, 1, .7, .5));
    return head.given(
        head.condition(z, new int[] {0, 1, 0}, new int[] {0, 1, 2}, new double[] {keep, 1, keep}));
  }

  private static Tensor rows(Tape tape, double step) {
    return tape.input(Shape.of(3, 4), OnDevices.wave(12, 1.3, step, .2));
  }

  private static double[] walk(Sampler sampler, Denoiser net, Tensor noise) {
    return sampler
        .sample(net, noise, DRAWS::step, UnaryOperator.identity(), Sampler.Path.UNSEEN)
        .toDoubles();
  }

  private static Sampler sampler(String parametrisation, String name, String steps) {
    return Parametrisation.of(parametrisation).sampler(Sampling.PAPER.sampler(name).steps(steps));
  }

  @Test
  void theDerivativeOfTheHeadIsTheSlopeOfItsValues() {
    DenoisingHead head = head(2);
    Tape.infer(
        DEVICE,
        tape -> {
          ConditionedHead net = given(head, tape, 1);
          Tensor x = rows(tape, 1.1), dx = rows(tape, 2.3);
          double[] time = {.7, .4, .9, .3, .1, .5}, ones = new double[6];
          Arrays.fill(ones, 1);
          double[] exact = net.derivative(x, dx, time, ones).toDoubles();
          double h = 1e-4;
          double[] up = Arrays.stream(time).map(t -> t + h).toArray();
          double[] down = Arrays.stream(time).map(t -> t - h).toArray();
          double[] ahead = net.apply(x.add(dx.mul(h)), up).toDoubles();
          double[] behind = net.apply(x.add(dx.mul(-h)), down).toDoubles();
          double norm = 0, error = 0;
          for (int i = 0; i < exact.length; i++) {
            double slope = (ahead[i] - behind[i]) / (2 * h);
            norm += slope * slope;
            error += (slope - exact[i]) * (slope - exact[i]);
          }
          assertThat(Math.sqrt(error / norm)).isLessThan(1e-7);
          assertThat(net.said(x, time).toDoubles()).containsExactly(net.apply(x, time).toDoubles());
          return null;
        });
  }

  @Test
  void theFlowsLossIsThatOfTheLinesVelocity() {
    DenoisingHead head = head(1);
    Tape.infer(
        DEVICE,
        tape -> {
          ConditionedHead net = given(head, tape, 1);
          Tensor x0 = rows(tape, 1.1), e = rows(tape, 2.3);
          double[] u = {.1, .5, .9};
          double[] loss = new RectifiedFlow().trainingLosses(net, x0, e, u).get("mse").toDoubles();
          double[] a = x0.toDoubles(), b = e.toDoubles();
          for (int i = 0; i < 3; i++) {
            double[] x = new double[12];
            for (int j = 0; j < 12; j++) x[j] = u[i] * a[j] + (1 - u[i]) * b[j];
            double[] v = net.apply(tape.input(Shape.of(3, 4), x), 999 * u[i]).toDoubles();
            double sum = 0;
            for (int j = 4 * i; j < 4 * i + 4; j++) sum += Math.pow(v[j] - (a[j] - b[j]), 2) / 4;
            assertThat(loss[i]).isCloseTo(sum, within(1e-12));
          }
          return null;
        });
  }

  /// From data N(2, 0.5^2) the velocity of the flow is known exactly.
  @ParameterizedTest
  @CsvSource({"euler, 64, .02", "heun, 16, .01"})
  void flowsArriveAtAKnownGaussian(String name, String steps, double near) {
    double mean = 2, deviation = .5;
    Denoiser exact =
        (x, time) -> {
          double u = time[0] / 999, variance = u * u * .25 + (1 - u) * (1 - u);
          // E[x0 - e | x]: both are linear in x - u mean.
          Tensor r = x.add(-u * mean);
          return r.mul((u * .25 - (1 - u)) / variance).add(mean);
        };
    Sampler sampler = sampler("flow", name, steps);
    Tape.infer(
        DEVICE,
        tape -> {
          double[] noise = {-1.5, -.5, 0, .8, 1.7};
          double[] x = walk(sampler, exact, tape.input(Shape.of(5, 1), noise));
          for (int i = 0; i < 5; i++) {
            assertThat(x[i]).isCloseTo(mean + deviation * noise[i], within(near));
          }
          return null;
        });
    assertThat(sampler.evaluations()).isEqualTo(name.equals("heun") ? 32 : 64);
  }

  @Test
  void oneStepOfAFlowOrOfACleanPredictionIsTheConditionalMean() {
    Denoiser mean = (x, time) -> Tape.current().fill(x.shape(), 3);
    Denoiser velocity = (x, time) -> x.affine(-1, 3); // E[x0 - e | e] = 3 - e
    Tape.infer(
        DEVICE,
        tape -> {
          Tensor noise = tape.normal(Shape.of(2, 3), new Philox(1, 1));
          for (double x : walk(sampler("clean", "mean", "1"), mean, noise)) {
            assertThat(x).isEqualTo(3);
          }
          for (double x : walk(sampler("flow", "mean", "64"), velocity, noise)) {
            assertThat(x).isCloseTo(3, within(1e-12));
          }
          return null;
        });
  }

  @Test
  void oneStrideOfAMeanFlowSubtractsItsVelocity() {
    Denoiser u = (x, time) -> Tape.current().fill(x.shape(), 10 * time[0] + time[1]);
    Tape.infer(
        DEVICE,
        tape -> {
          Tensor noise = tape.fill(Shape.of(1, 2), 20);
          assertThat(walk(sampler("meanflow", "meanflow", "1"), u, noise)).containsExactly(9, 9);
          // t = 1 and 1/2, h = 1/2: 20 - 10.5 / 2 - 5.5 / 2
          assertThat(walk(sampler("meanflow", "meanflow", "2"), u, noise)).containsExactly(12, 12);
          return null;
        });
  }

  @Test
  void theTargetOfAMeanFlowIsBuiltByHand() {
    DenoisingHead head = head(2);
    double[] t = {.7, .4, .9}, h = {.3, 0, .5}, zero = new double[3];
    Tape.infer(
        DEVICE,
        tape -> {
          ConditionedHead net = given(head, tape, 1), free = net.unconditional();
          Tensor x0 = rows(tape, 1.1), e = rows(tape, 2.3);
          Tensor at = tape.input(Shape.of(3, 1), t), long_ = tape.input(Shape.of(3, 1), h);
          Tensor z = x0.mul(at.affine(-1, 1)).add(e.mul(at));
          double[] now = MeanFlow.Stretch.both(t, zero), both = MeanFlow.Stretch.both(t, h);
          Tensor v = e.sub(x0).add(net.apply(z, now).sub(free.apply(z, now)).mul(.5));
          double d = 1e-5;
          double[] up = Arrays.stream(both).map(s -> s + d).toArray();
          double[] down = Arrays.stream(both).map(s -> s - d).toArray();
          Tensor slope =
              net.apply(z.add(v.mul(d)), up).sub(net.apply(z.add(v.mul(-d)), down)).mul(.5 / d);
          Tensor error = net.apply(z, both).sub(v.sub(long_.mul(slope)));
          double[] expected = error.square().sum(-1).toDoubles();
          double[] actual =
              new MeanFlow(2).squares(net, x0, e, new MeanFlow.Stretch(t, h)).toDoubles();
          for (int i = 0; i < 3; i++) {
            assertThat(actual[i]).isCloseTo(expected[i], within(1e-7 * expected[i]));
          }
          return null;
        });
  }

  @Test
  void stretchesAreDrawnAsPublished() {
    MeanFlow.Stretch s = MeanFlow.Stretch.draw(4000, DRAWS);
    double still = Arrays.stream(s.h()).filter(h -> h == 0).count() / 4000.0;
    assertThat(still).isCloseTo(.75, within(.03));
    for (int i = 0; i < 4000; i++) {
      assertThat(s.t()[i]).isBetween(0.0, 1.0);
      assertThat(s.h()[i]).isBetween(0.0, s.t()[i]);
    }
  }

  /// The gradient of each loss with respect to the condition, through the head.
  @ParameterizedTest
  @ValueSource(strings = {"noise", "clean", "velocity", "flow"})
  void gradientsThroughTheHead(String name) {
    Parametrisation p = Parametrisation.of(name);
    assertThatGradient(
            x -> {
              Device device = Tape.current().device();
              DenoisingHead head =
                  Module.on(
                      device,
                      0,
                      new DenoisingHead(new DenoisingHead.Size(4, 3, 5, 8, 1, p.channels(4))));
              int q = 0;
              for (Parameter w : head.parameters().values()) {
                w.set(OnDevices.wave(w.shape().size(), 0.3, 1.7, 0.9 * q++ + 0.3));
              }
              Tensor conditions =
                  head.condition(
                      x[0], new int[] {0, 1, 0}, new int[] {0, 1, 2}, new double[] {1, 1, 1});
              return p.trainingLosses(head.given(conditions), rows(Tape.current(), 1.1), DRAWS)
                  .get("mse");
            })
        .at("2x5")
        .matches();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> sampler("flow", "ancestral", "64"))
        .hasMessage(
            "the sampler 'ancestral' doesn't fit what the head predicts; it has euler, heun, mean");
    assertThatThrownBy(() -> sampler("meanflow", "ddim", "64"))
        .hasMessageContaining("it has meanflow");
    assertThatThrownBy(() -> new MeanFlow(.5)).hasMessageContaining("must be at least 1, got 0.5");
    assertThatThrownBy(() -> Parametrisation.of("score"))
        .hasMessage(
            "a head can't predict 'score'; it predicts noise, clean, velocity, flow or meanflow");
  }
}
