package retort.gendd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.gendd.OnDevices;
import retort.gendd.OnDevices.Near;
import retort.gendd.StepDraws;
import retort.nn.Cost;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Sampling shares what it can between rows, samples and the two sides of guidance; here every walk
/// of every parametrisation is compared with one that shares nothing, as training sees the head.
class GuidedSamplingTest {
  private static final int SAMPLES = 2, IMAGES = 2, TOKENS = 3, ROWS = SAMPLES * IMAGES * TOKENS;

  private static DenoisingHead head(Device device, Parametrisation p) {
    var size = new DenoisingHead.Size(4, TOKENS, 5, 8, 2, p.channels(4)).times(p.times());
    DenoisingHead head = Module.on(device, 0, new DenoisingHead(size));
    int q = 0;
    for (Parameter each : head.parameters().values()) {
      each.set(OnDevices.wave(each.shape().size(), 0.3, 1.3, 0.7 * q++));
    }
    return head;
  }

  /// The head asked row by row, each with a time and a condition of its own.
  private static Denoiser plain(DenoisingHead head, Tensor z, double keep) {
    int[] image = IntStream.range(0, ROWS).map(i -> i / TOKENS % IMAGES).toArray();
    int[] place = IntStream.range(0, ROWS).map(i -> i % TOKENS).toArray();
    double[] mask = new double[ROWS];
    Arrays.fill(mask, keep);
    Tensor conditions = head.condition(z, image, place, mask);
    return (x, time) -> head.apply(x, repeated(time), conditions);
  }

  /// Every time for every row: all first times come first.
  private static double[] repeated(double... time) {
    return IntStream.range(0, time.length * ROWS).mapToDouble(i -> time[i / ROWS]).toArray();
  }

  @TestFactory
  Stream<DynamicTest> everyWalkIsThatOfTheHeadAskedRowByRow() {
    return Stream.of("noise", "clean", "velocity", "flow", "meanflow").flatMap(this::walks);
  }

  private Stream<DynamicTest> walks(String predict) {
    Parametrisation p = Parametrisation.of(predict);
    return p.samplers().stream()
        .flatMap(sampler ->
            Stream.of(1.0, 2.5)
                .filter(scale -> scale == 1 || !p.guidesItself())
                .flatMap(scale ->
                    OnDevices.both(
                        1e-12,
                        1e-3, // sixteen float32 steps
                        on -> walk(on, p, Sampling.PAPER.sampler(sampler), scale))));
  }

  private static void walk(Near on, Parametrisation p, Sampling paper, double scale) {
    Sampling how = paper.steps("4").start(800).eta(0.5);
    DenoisingHead head = head(on.tape().device(), p);
    Tensor z = on.wave(Shape.of(IMAGES, 5), 1, .7, .5);
    Tensor noise = on.wave(Shape.of(ROWS, 4), 1, .3, .1);
    Denoiser with = plain(head, z, 1), without = plain(head, z, 0);
    Denoiser slow = (x, t) -> Denoiser.guided(with.apply(x, t), without.apply(x, t), 4, scale);
    ConditionedHead given = head.given(head.condition(z));
    on.check(walk(p, how, given.guided(scale), noise), walk(p, how, slow, noise).toDoubles());
  }

  private static Tensor walk(Parametrisation p, Sampling how, Denoiser net, Tensor noise) {
    return p.sampler(how)
        .sample(
            net, noise, new StepDraws(3, 1)::step, UnaryOperator.identity(), Sampler.Path.UNSEEN);
  }

  @Test
  void atScaleOneNothingIsAskedWithoutACondition() {
    Parametrisation p = Parametrisation.of("noise");
    long alone = macs(p, 1), guided = macs(p, 2);
    assertThat(guided).isBetween(alone + alone / 3, 2 * alone - 1);
    Tape.infer(
        Device.reference(),
        tape -> {
          ConditionedHead given = head(tape.device(), p).given(tape.fill(Shape.of(TOKENS, 8), 1));
          assertThat(given.guided(1)).isSameAs(given);
          return null;
        });
  }

  private static long macs(Parametrisation p, double scale) {
    return Cost.macs(tape -> {
      DenoisingHead head =
          Module.blank(
              tape.device(),
              new DenoisingHead(new DenoisingHead.Size(4, TOKENS, 5, 8, 2, p.channels(4))));
      Denoiser net = head.given(head.condition(tape.fill(Shape.of(IMAGES, 5), 0))).guided(scale);
      net.apply(tape.fill(Shape.of(ROWS, 4), 0), 7);
    });
  }
}
