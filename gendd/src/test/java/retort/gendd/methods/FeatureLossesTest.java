package retort.gendd.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.gendd.OnDevices;
import retort.gendd.OnDevices.Near;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Expected numbers were computed with mdistiller's losses in PyTorch, whose maps are [n, c, h, w].
class FeatureLossesTest {
  /// factor sin(step i + offset) counted as [n, c, h, h], given as `[n, h, h, c]`.
  private static Tensor map(Near on, int c, int h, double step, double offset) {
    return on.wave(Shape.of(2, c, h, h), 1, step, offset).permute(0, 2, 3, 1);
  }

  private static Tensor student(Near on, int h) {
    return map(on, 3, h, .31, .2);
  }

  private static Tensor teacher(Near on, int c, int h) {
    return map(on, c, h, .53, .6);
  }

  @TestFactory
  Stream<DynamicTest> attentionTransfer() {
    return OnDevices.both(
        1e-9,
        1e-8,
        on -> {
          on.check(AttentionTransfer.loss(student(on, 4), teacher(on, 5, 4)).item(), .0037469254);
          on.check(AttentionTransfer.loss(student(on, 4), teacher(on, 5, 8)).item(), .0018940460);
        });
  }

  @TestFactory
  Stream<DynamicTest> hierarchicalContext() {
    return OnDevices.both(
        1e-7,
        1e-6,
        on -> {
          on.check(ReviewKd.contextLoss(student(on, 8), teacher(on, 3, 8)).item(), .59075345);
          Tensor corner = student(on, 8).narrow(1, 0, 1).narrow(2, 0, 1);
          Tensor other = teacher(on, 3, 8).narrow(1, 0, 1).narrow(2, 0, 1);
          on.check(ReviewKd.contextLoss(corner, other).item(), 1.01017851);
        });
  }

  @TestFactory
  Stream<DynamicTest> partialSquare() {
    return OnDevices.both(
        1e-7,
        1e-6,
        on -> {
          Tensor margin = on.tape().input(Shape.of(3), -.5f, -.2f, -.8f);
          on.check(Ofd.loss(student(on, 8), teacher(on, 3, 8), margin).item(), 157.03559863);
        });
  }

  @Test
  void marginsOfAChannel() {
    assertThat(Ofd.margin(.3, .7)).isCloseTo(-.46247324, within(1e-8));
    assertThat(Ofd.margin(-.2, .5)).isCloseTo(-.48094135, within(1e-8));
    assertThat(Ofd.margin(2.5, .6)).isEqualTo(-3 * .6);
    assertThat(Ofd.margin(0, 0)).isZero(); // a dead channel
  }

  @TestFactory
  Stream<DynamicTest> relations() {
    return OnDevices.both(
        1e-7,
        1e-6,
        on -> {
          Tensor s = on.wave(Shape.of(4, 6), 1, .83, .4),
              t = on.wave(Shape.of(4, 6), 1.5, 1.47, .9);
          on.check(Rkd.distances(s, t).item(), .07340286);
          on.check(Rkd.angles(s, t).item(), .09802708);
          on.times(25)
              .check(Rkd.distances(s, t).mul(25).add(Rkd.angles(s, t).mul(50)).item(), 6.73642561);
        });
  }

  @Test
  void aBankContrastsByNoiseContrastiveEstimation() {
    int images = 5, width = 3;
    Device device = Device.reference();
    MemoryBank bank = Module.on(device, 1, new MemoryBank(images, width));
    double[] rows = bank.state().get("rows").toDoubles();
    int[] seen = {1, 4}, compared = {1, 0, 3, 4, 2, 0};
    double[] e = {.6, 0, .8, 0, 1, 0};
    double[][] score = new double[2][3];
    double mean = 0;
    for (int i = 0; i < 6; i++) {
      double dot = 0;
      for (int j = 0; j < width; j++) dot += e[i / 3 * width + j] * rows[compared[i] * width + j];
      score[i / 3][i % 3] = Math.exp(dot / .07);
      mean += score[i / 3][i % 3] / 6;
    }
    double expected = 0, z = mean * images, noise = 2.0 / images;
    for (double[] row : score) {
      expected -= Math.log(row[0] / z / (row[0] / z + noise + 1e-7)) / 2;
      for (int k = 1; k < 3; k++) expected -= Math.log(noise / (row[k] / z + noise + 1e-7)) / 2;
    }
    double want = expected;
    Tape.infer(
        device,
        tape -> {
          Tensor embedding = tape.input(Shape.of(2, 3), e);
          assertThat(bank.contrast(embedding, seen, compared, .07).item())
              .isCloseTo(want, within(1e-9));
          assertThat(bank.state().get("norm").item()).isCloseTo(z, within(1e-9 * z));
          bank.remember(embedding, seen);
          return null;
        });
    double[] after = bank.state().get("rows").toDoubles();
    for (int j = 0; j < 3; j++) assertThat(after[j]).isEqualTo(rows[j]); // image 0 wasn't seen
    double length = 0;
    for (int j = 0; j < 3; j++) length += after[3 + j] * after[3 + j];
    assertThat(length).isCloseTo(1, within(1e-12));
    double ratio = (.5 * rows[3] + .5 * e[0]) / (.5 * rows[4] + .5 * e[1]);
    assertThat(after[3] / after[4]).isCloseTo(ratio, within(1e-9));
  }

  @Test
  void mapsArePooledToAnySizeAndEnlargedByWholeFactors() {
    Tape.infer(
        Device.reference(),
        tape -> {
          Tensor x = tape.input(Shape.of(1, 3, 3, 1), 1, 2, 3, 4, 5, 6, 7, 8, 9);
          // Windows of 2: rows 0-1 and 1-2.
          assertThat(Maps.pool(x, 2).toDoubles()).containsExactly(3, 4, 6, 7);
          assertThat(Maps.pool(x, 1).toDoubles()).containsExactly(5);
          Tensor small = tape.input(Shape.of(1, 2, 2, 1), 1, 2, 3, 4);
          assertThat(Maps.enlarge(small, 4).toDoubles())
              .containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4);
          return null;
        });
  }

  @Test
  void gradients() {
    String maps = "2x4x4x3, 2x4x4x3";
    assertThatGradient(x -> AttentionTransfer.loss(x[0], x[1])).at(maps).wrt(0).matches();
    assertThatGradient(x -> AttentionTransfer.loss(x[0], x[1]))
        .at("2x4x4x3, 2x8x8x2")
        .wrt(0)
        .matches();
    assertThatGradient(x -> ReviewKd.contextLoss(x[0], x[1])).at(maps).wrt(0).matches();
    assertThatGradient(x -> Maps.pool(x[0], 2)).at("2x3x3x2").matches();
    assertThatGradient(x -> Maps.enlarge(x[0], 6)).at("2x3x3x2").matches();
    assertThatGradient(x -> Ofd.loss(x[0], x[1], x[1].mean(0, 1, 2).affine(.1, -.5).detach()))
        .at(maps)
        .wrt(0)
        .matches();
    assertThatGradient(x -> Rkd.distances(x[0], x[1])).at("4x5, 4x6").wrt(0).matches();
    assertThatGradient(x -> Rkd.angles(x[0], x[1])).at("4x5, 4x6").wrt(0).matches();
    int[] seen = {1, 4}, compared = {1, 0, 3, 4, 2, 0};
    assertThatGradient(
            x -> {
              MemoryBank bank = Module.on(Tape.current().device(), 1, new MemoryBank(5, 3));
              bank.contrast(Tape.current().fill(Shape.of(2, 3), .5), seen, compared, .5); // fixes Z
              return bank.contrast(x[0], seen, compared, .5);
            })
        .at("2x3")
        .matches();
  }
}
