package retort.gendd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.gendd.Losses;
import retort.gendd.OnDevices;
import retort.gendd.OnDevices.Near;
import retort.gendd.StepDraws;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The expected numbers were computed with the published MAR diffusion code.
class DiffusionTest {
  private static final Diffusion DIFFUSION =
      new Diffusion(NoiseSchedule.cosine(1000), Prediction.NOISE);
  private static final int[] STEPS = {0, 1, 500, 999};
  private static final Shape ROWS = Shape.of(4, 4);

  /// What a small head said, printed to six digits.
  private static final double[] OUT = {
    -1.020258, -.644431, .293077, .708023, .560088, .068390, -.671032, -.911719,
    -.386477, -.237959, .075283, .078659, .133786, .261473, -.047127, -.466292,
    -.794545, -.064462, .660909, .504497, -.016035, -.317693, -.490028, -.340396,
    -.822971, -.708952, .029759, .503062, .613647, .328164, -.458736, -.954228
  };

  private static Tensor clean(Near on) {
    return on.wave(ROWS, 1.5, 1.1, .2);
  }

  private static Tensor noise(Near on) {
    return on.wave(ROWS, 1.2, 2.3, .9);
  }

  @TestFactory
  Stream<DynamicTest> theForwardProcess() {
    return OnDevices.both(
        1e-6,
        1e-6,
        on -> {
          Tensor x = DIFFUSION.qSample(clean(on), STEPS, noise(on));
          on.check(x.narrow(0, 0, 1), .304038, 1.444857, 1.007734, -.518465);
          on.check(x.narrow(0, 2, 1), .805991, -.331865, -1.837186, .471884);
          on.check(x.narrow(0, 3, 1), -.268452, -.693189, 1.192317, -.895618);
        });
  }

  @Test
  void theBoundTrainsTheVarianceAlone() {
    Tape.train(
        Device.reference(),
        tape -> {
          Tensor out = tape.variable(Shape.of(4, 8), OUT);
          Near on = new Near(tape, 0);
          Losses l = DIFFUSION.trainingLosses(out, clean(on), noise(on), STEPS);
          tape.backward(l.get("vb").sum());
          double[] g = out.grad().toDoubles();
          for (int i = 0; i < g.length; i++) {
            if (i % 8 < 4) assertThat(g[i]).isZero();
            else assertThat(g[i]).isNotZero();
          }
          return null;
        });
  }

  @Test
  void anUntrainedHeadLosesOnAverageWhatTheoryPredicts() {
    // A head of zeros: the mean square of the noise is 1; the bound is fixed by the schedule.
    double[] bound = new double[1000];
    int d = 256;
    Tape.infer(
        Device.reference(),
        tape -> {
          for (int t : new int[] {1, 500, 998, 999}) {
            Tensor x0 = tape.fill(Shape.of(1, d), 0.3);
            Tensor eps = tape.input(x0.shape(), new double[d]).add(1); // eps^2 = 1 exactly
            Losses l =
                DIFFUSION.trainingLosses(tape.fill(Shape.of(1, 2 * d), 0), x0, eps, new int[] {t});
            assertThat(l.get("mse").item()).isEqualTo(1);
            bound[t] = l.get("vb").item();
          }
          return null;
        });
    assertThat(bound[1]).isCloseTo(0.60, within(5e-3));
    assertThat(bound[500]).isCloseTo(0.0045, within(5e-5));
    assertThat(bound[998]).isCloseTo(2.16, within(5e-3));
    assertThat(bound[999]).isCloseTo(720.6, within(5e-2));
  }

  @Test
  void samplingFromAKnownGaussianGivesItsMoments() {
    // Data N(2, 0.5^2): the best noise prediction is known, so samplers must find mean and spread.
    double mean = 2, deviation = 0.5;
    NoiseSchedule s = DIFFUSION.schedule();
    Denoiser exact =
        (x, time) -> {
          double a = s.alphaBar((int) time[0]);
          double variance = a * deviation * deviation + 1 - a;
          return x.add(-Math.sqrt(a) * mean).mul(Math.sqrt(1 - a) / variance);
        };
    Denoiser withVariance =
        (x, time) -> Tensor.concat(1, exact.apply(x, time), Tape.current().fill(x.shape(), 1));
    Sampling ddim = Sampling.PAPER.sampler("ddim").steps("100").start(980);
    for (Sampling how :
        new Sampling[] {ddim, ddim.eta(1), ddim.sampler("ancestral"), ddim.steps("250")}) {
      double[] x =
          Tape.infer(
              Device.cpu(1),
              tape -> {
                Tensor noise = tape.normal(Shape.of(4000, 1), new Philox(1, 2));
                return DIFFUSION
                    .sampler(how)
                    .sample(
                        withVariance,
                        noise,
                        new StepDraws(3, 0)::step,
                        UnaryOperator.identity(),
                        Sampler.Path.UNSEEN)
                    .toDoubles();
              });
      double m = 0, v = 0;
      for (double e : x) m += e / x.length;
      for (double e : x) v += (e - m) * (e - m) / x.length;
      assertThat(m).as("mean of %s", how).isCloseTo(mean, within(0.05));
      assertThat(Math.sqrt(v)).as("deviation of %s", how).isCloseTo(deviation, within(0.05));
    }
  }

  @Test
  void guidanceLeavesTheVarianceAlone() {
    Tape.infer(
        Device.reference(),
        tape -> {
          Tensor with = tape.input(Shape.of(1, 4), 1, 2, 3, 4);
          Tensor without = tape.input(Shape.of(1, 4), 0, 4, 9, 9);
          assertThat(Denoiser.guided(with, without, 2, 2).toDoubles()).containsExactly(2, 0, 3, 4);
          return null;
        });
  }

  @Test
  void aSamplerThatDoesNotFitIsRefused() {
    assertThatThrownBy(() -> DIFFUSION.sampler(Sampling.PAPER.sampler("heun")))
        .hasMessage(
            "the sampler 'heun' doesn't fit what the head predicts; it has ancestral, ddim, mean");
    assertThatThrownBy(() -> DIFFUSION.sampler(Sampling.PAPER.start(1000)))
        .hasMessage("sampling starts at step 1000, but the last step is 999");
  }
}
