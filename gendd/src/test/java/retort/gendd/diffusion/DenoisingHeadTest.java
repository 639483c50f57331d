package retort.gendd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.gendd.Losses;
import retort.gendd.OnDevices;
import retort.gendd.OnDevices.Near;
import retort.gendd.StepDraws;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;
import retort.tensor.op.Linear;

/// A tiny head with parameters from a formula, against numbers that the authors' code gives for it
/// in PyTorch (float32).
class DenoisingHeadTest {
  private static final Shape ROWS = Shape.of(4, 4);
  private static final int[] STEPS = {0, 1, 500, 999}, PLACES = {0, 1, 2, 1}, IMAGES = {0, 1, 2, 3};
  private static final Diffusion DIFFUSION =
      new Diffusion(NoiseSchedule.cosine(1000), Prediction.NOISE);

  private DenoisingHead head;

  /// Parameter tensor q, place i: 0.2 sin(1.7 i + 0.9 q + 0.3), and 1 more for a norm's scale.
  private void on(Device device) {
    head = Module.on(device, 0, new DenoisingHead(new DenoisingHead.Size(4, 3, 5, 8, 2, 8)));
    int q = 0;
    for (Map.Entry<String, Parameter> e : head.parameters().entrySet()) {
      double[] v = OnDevices.wave(e.getValue().shape().size(), 0.2, 1.7, 0.9 * q++ + 0.3);
      if (e.getKey().endsWith("norm.weight")) for (int i = 0; i < v.length; i++) v[i]++;
      e.getValue().set(v);
    }
  }

  private static Tensor feature(Near on) {
    return on.variable(Shape.of(4, 5), 1, .7, .5);
  }

  private static Tensor clean(Near on) {
    return on.wave(ROWS, 1.5, 1.1, .2);
  }

  private static Tensor noise(Near on) {
    return on.wave(ROWS, 1.2, 2.3, .9);
  }

  private ConditionedHead given(Tensor z, double keep) {
    return head.given(head.condition(z, IMAGES, PLACES, new double[] {keep, keep, keep, keep}));
  }

  private static final double[] TIMES = {0, 1, 500, 999};

  @TestFactory
  Stream<DynamicTest> timesAsWaves() {
    return OnDevices.both(
        5e-6, // PyTorch's angles of t = 500 are rounded to float32
        1e-5,
        on -> {
          TimeEmbedding t = new TimeEmbedding(8, 4);
          on.check(
              t.waves(1, 500),
              .540302,
              .995004,
              .999950,
              1.0,
              .841471,
              .099833,
              .010000,
              .001000, //
              -.883849,
              .964965,
              .283662,
              .877583,
              -.467772,
              -.262379,
              -.958924,
              .479426);
        });
  }

  @TestFactory
  Stream<DynamicTest> whatItSays() {
    return OnDevices.both(
        2e-6,
        1e-5,
        on -> {
          on(on.tape().device());
          Tensor xt = DIFFUSION.qSample(clean(on), STEPS, noise(on));
          Tensor out = given(feature(on), 1).apply(xt, TIMES);
          on.check(
              out, -1.020258, -.644431, .293077, .708023, .560088, .068390, -.671032, -.911719, //
              -.386477, -.237959, .075283, .078659, .133786, .261473, -.047127, -.466292, //
              -.794545, -.064462, .660909, .504497, -.016035, -.317693, -.490028, -.340396, //
              -.822971, -.708952, .029759, .503062, .613647, .328164, -.458736, -.954228);
        });
  }

  @TestFactory
  Stream<DynamicTest> lossesAndGradients() {
    return OnDevices.both(
        2e-6,
        1e-5,
        on -> {
          on(on.tape().device());
          Tensor z = feature(on);
          Tensor xt = DIFFUSION.qSample(clean(on), STEPS, noise(on));
          Losses l =
              DIFFUSION.trainingLosses(given(z, 1).apply(xt, TIMES), clean(on), noise(on), STEPS);
          on.check(l.get("mse"), 1.427948, .633819, 1.380109, .903834);
          // At step 0 the bound is a difference of nearly equal float32 numbers in PyTorch.
          on.times(5).check(l.get("vb"), 1.744870, .437872, .006220, 651.327332);
          Tensor total = l.mean().total();
          on.check(total.item(), 164.465500);
          on.tape().backward(total);
          on.check(z.grad().narrow(0, 0, 1), -.004180, -.000322, .004263, -.000777, -.004063);
          on.check(z.grad().narrow(0, 2, 1), -.001575, .003313, .000722, -.003499, .000180);
          Map.ofEntries(
                  Map.entry("time0.in.weight", .0538171),
                  Map.entry("time0.out.weight", .0245786),
                  Map.entry("condition.weight", .0704703),
                  Map.entry("position.weight", .0393175),
                  Map.entry("input.weight", .9238458),
                  Map.entry("block0.in.weight", .0600151),
                  Map.entry("block0.ada.weight", .0270288),
                  Map.entry("block1.out.weight", .0460834),
                  Map.entry("last.out.weight", 1.9415243),
                  Map.entry("last.out.bias", .5106743),
                  Map.entry("last.ada.weight", .0975884))
              .forEach((path, norm) -> on.check(norm(head.parameters().get(path).grad()), norm));
        });
  }

  private static double norm(Tensor t) {
    double sum = 0;
    for (double x : t.toDoubles()) sum += x * x;
    return Math.sqrt(sum);
  }

  @TestFactory
  Stream<DynamicTest> reverseStepsOfSixtyFour() {
    NoiseSchedule kept = DIFFUSION.schedule().respaced(new Spacing("64").timesteps(999));
    Ancestral sampler = new Ancestral(Prediction.NOISE, kept, 1);
    return OnDevices.both(
        2e-6,
        1e-5,
        on -> {
          on(on.tape().device());
          Tensor xt = DIFFUSION.qSample(clean(on), STEPS, noise(on));
          Denoiser net = given(feature(on), 1);
          Ancestral.Reverse[] r = new Ancestral.Reverse[64];
          for (int i : new int[] {0, 32, 63}) {
            Tensor out = net.apply(xt, kept.timestep(i));
            r[i] = sampler.reverse(out, xt, i, UnaryOperator.identity());
          }
          on.check(row2(r[32].mean()), .877103, -.335566, -1.924221, .450541);
          on.check(row2(r[32].logVariance()), -3.095871, -3.102633, -3.106598, -3.103334);
          on.check(row2(r[32].clean()), 1.977847, -.411160, -3.325150, .165234);
          on.times(3).check(row2(r[63].mean()), 817.8848, -123.2294, -1259.6361, -24.2737);
          on.check(row2(r[0].mean()), .811214, -.331277, -1.841386, .468558);
        });
  }

  private static Tensor row2(Tensor t) {
    return t.narrow(0, 2, 1);
  }

  @TestFactory
  Stream<DynamicTest> guidanceAndWholeWalks() {
    return OnDevices.both(
        1e-3,
        1e-3,
        on -> {
          on(on.tape().device());
          Tensor z = feature(on).detach();
          Denoiser guided = given(z, 1).guided(given(z, 0).conditions(), 2);
          Tensor xt = DIFFUSION.qSample(clean(on), STEPS, noise(on));
          Near exact = new Near(on.tape(), 1e-5);
          exact.check(
              guided.apply(xt, TIMES).narrow(0, 0, 1).narrow(1, 0, 4),
              -1.029580,
              -.654575,
              .292017,
              .717083);
          exact.check(
              guided.apply(xt, TIMES).narrow(0, 0, 1).narrow(1, 4, 4),
              .560088,
              .068390,
              -.671032,
              -.911719);
          Sampling how = Sampling.PAPER.temperature(0);
          on.check(
              walk(how, guided, noise(on)).narrow(0, 0, 1),
              35400.961,
              2394.419,
              -28224.359,
              14005.983);
          on.check(
              walk(how.sampler("ddim").steps("8"), guided, noise(on)).narrow(0, 0, 1),
              35373.30,
              2411.99,
              -28183.15,
              14015.05);
        });
  }

  private static Tensor walk(Sampling how, Denoiser net, Tensor noise) {
    return DIFFUSION
        .sampler(how)
        .sample(
            net, noise, new StepDraws(0, 0)::step, UnaryOperator.identity(), Sampler.Path.UNSEEN);
  }

  @TestFactory
  Stream<DynamicTest> sharedConditionsGiveWhatRepeatedOnesGive() {
    return OnDevices.both(
        1e-12,
        1e-6,
        on -> {
          on(on.tape().device());
          Tensor z = on.wave(Shape.of(2, 5), 1, .7, .5);
          Tensor x = on.wave(Shape.of(12, 4), 1, .3, .1); // 2 samples of 2 images of 3 tokens
          int[] image = {0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1};
          int[] token = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2};
          double[] ones = new double[12], none = new double[12];
          Arrays.fill(ones, 1);
          double[] each = head.given(head.condition(z, image, token, ones)).apply(x, 7).toDoubles();
          on.check(head.given(head.condition(z)).apply(x, 7), each);
          double[] free = head.given(head.condition(z, image, token, none)).apply(x, 7).toDoubles();
          on.check(head.given(head.unconditional()).apply(x, 7), free);
          assertThatThrownBy(() -> head.given(head.condition(z)).apply(x.narrow(0, 0, 5), 7))
              .hasMessageContaining("rows of conditions must divide the rows of tokens");
        });
  }

  @Test
  void parameterCountsOfThePaper() {
    int[][] pairs = {
      {1, 64, 19_427_456},
      {4, 256, 19_627_136},
      {8, 512, 19_893_376},
      {32, 1024, 20_442_240},
      {16, 2048, 21_474_432}
    };
    for (int[] p : pairs) {
      DenoisingHead paper = new DenoisingHead(new DenoisingHead.Size(64, p[0], p[1], 1024, 3, 128));
      assertThat(paper.parameterCount()).isEqualTo(p[2]);
    }
  }

  /// Billion multiply-accumulates an image of the published code: 64 steps, twice for guidance.
  @ParameterizedTest
  @CsvSource({"1, 64, 2.48", "4, 256, 10.0", "8, 512, 20.3", "32, 1024, 83.5", "16, 2048, 43.9"})
  void costsOfThePaper(int tokens, int condition, double giga) {
    DenoisingHead paper =
        new DenoisingHead(new DenoisingHead.Size(64, tokens, condition, 1024, 3, 128));
    assertThat(2 * 64 * tokens * paper.macs() / 1e9).isCloseTo(giga, within(.005 * giga));
  }

  @Test
  void anUntrainedHeadSaysNothing() {
    DenoisingHead fresh =
        Module.on(Device.cpu(1), 5, new DenoisingHead(new DenoisingHead.Size(4, 2, 3, 16, 2, 8)));
    Tape.infer(
        fresh.device(),
        tape -> {
          Tensor z = tape.fill(Shape.of(1, 3), 1);
          Tensor x = tape.fill(Shape.of(2, 4), 2);
          assertThat(fresh.given(fresh.condition(z)).apply(x, 9).toFloats()).containsOnly(0f);
          return null;
        });
    double[] place = fresh.parameters().get("position.weight").toDoubles();
    assertThat(Arrays.stream(place).map(Math::abs).max().orElseThrow())
        .isGreaterThan(1); // standard normal, not small
    assertThat(norm(fresh.parameters().get("time0.in.weight")))
        .isBetween(0.015 * 64, 0.025 * 64); // N(0, 0.02) of 16 x 256
  }

  /// Two blocks of three linear layers: nearly all of the work.
  @Test
  void itsBlocksBearCoarseFactors() {
    Device device = Device.cpu();
    on(device);
    List<Linear> linears = new ArrayList<>();
    Tape.infer(
        device,
        (op, in, out) -> {
          if (op instanceof Linear l) linears.add(l);
        },
        tape -> {
          Tensor x = tape.fill(Shape.of(3, 4), 1);
          return head.apply(x, new double[] {1}, head.unconditional()).toFloats();
        });
    assertThat(linears).filteredOn(Linear::coarse).hasSize(6);
    assertThat(linears).filteredOn(l -> !l.coarse()).hasSize(5);
  }
}
