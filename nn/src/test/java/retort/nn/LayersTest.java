package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;

class LayersTest {
  private final Device device = Device.reference();

  @Test
  void batchNormFollowsTheBatchWithUnbiasedVariance() {
    BatchNorm bn = Module.on(device, 1, new BatchNorm(2));
    double[] x = {1, 10, 2, 10, 6, 40}; // means 3, 20; biased variances 14/3, 200
    double[] y = Tape.infer(device, t -> bn.apply(t.input(Shape.of(3, 2), x)).toDoubles());
    assertThat(y[0]).isCloseTo(-2 / Math.sqrt(14 / 3.0 + 1e-5), within(1e-12));
    assertThat(bn.runningMean().toDoubles()).containsExactly(new double[] {.3, 2}, within(1e-12));
    assertThat(bn.runningVar().toDoubles())
        .containsExactly(new double[] {.9 + .1 * 7, .9 + .1 * 300}, within(1e-12));
    bn.eval();
    double[] z = Tape.infer(device, t -> bn.apply(t.input(Shape.of(3, 2), x)).toDoubles());
    assertThat(z[5]).isCloseTo((40 - 2) / Math.sqrt(30.9 + 1e-5), within(1e-12));
    assertThat(bn.runningMean().toDoubles()).containsExactly(new double[] {.3, 2}, within(1e-12));
  }

  @Test
  void batchNormAddsAResidualBeforeTheRelu() {
    BatchNorm bn = Module.on(device, 1, new BatchNorm(1, 0));
    bn.eval();
    double[] y =
        Tape.infer(
            device,
            t ->
                bn.relu(t.input(Shape.of(3, 1), 1, -5, 2), t.input(Shape.of(3, 1), 1, 1, -1))
                    .toDoubles());
    assertThat(y).containsExactly(2, 0, 1);
  }

  @Test
  void batchNormRefusesToTrainOnOneRow() {
    BatchNorm bn = Module.on(device, 1, new BatchNorm(2));
    bn.named("bn");
    assertThatThrownBy(() -> Tape.infer(device, t -> bn.apply(t.input(Shape.of(1, 2), 1, 2))))
        .hasMessage(
            "bn: batchNorm: wants more than one value a channel to train on; call eval(); got"
                + " [[1, 2]]");
  }

  @Test
  void batchNormRefusesOtherChannels() {
    BatchNorm bn = Module.on(device, 1, new BatchNorm(2));
    bn.named("bn");
    assertThatThrownBy(
            () -> Tape.infer(device, t -> bn.apply(t.input(Shape.of(2, 3), new float[6]))))
        .hasMessageStartingWith("bn: batchNorm: wants x [.., c], gamma [c]");
  }

  @Test
  void layerNormWithAndWithoutAffine() {
    LayerNorm plain = Module.on(device, 1, new LayerNorm(2, 0, false));
    assertThat(plain.parameterCount()).isZero();
    assertThat(new LayerNorm(2).parameterCount()).isEqualTo(4);
    double[] y = Tape.infer(device, t -> plain.apply(t.input(Shape.of(1, 2), 3, 7)).toDoubles());
    assertThat(y).containsExactly(-1, 1);
    assertThatThrownBy(() -> Tape.infer(device, t -> plain.apply(t.input(Shape.of(1, 3), 1, 2, 3))))
        .hasMessage("LayerNorm: layerNorm: wants x [.., 2]; got [[1, 3]]");
  }

  @Test
  void embeddingPicksRows() {
    Embedding e = Module.on(device, 1, new Embedding(5, 3));
    double[] all = e.weight().toDoubles();
    double[] rows = Tape.infer(device, t -> e.apply(4, 0).toDoubles());
    assertThat(rows).containsExactly(all[12], all[13], all[14], all[0], all[1], all[2]);
  }

  @Test
  void dropoutDrawsAnewEachForwardAndRestsInEvaluation() {
    Dropout d = Module.on(device, 1, new Dropout(.25, 9));
    float[] ones = new float[10_000];
    Arrays.fill(ones, 1);
    double[] a = run(d, ones);
    double[] b = run(d, ones);
    assertThat(Arrays.stream(a).average().orElseThrow()).isCloseTo(1, within(.03));
    assertThat(a).isNotEqualTo(b);
    d.buffers().get("count").set(0f);
    assertThat(run(d, ones)).isEqualTo(a);
    d.eval();
    assertThat(run(d, ones)).containsOnly(1);
    assertThatThrownBy(() -> new Dropout(1, 0))
        .hasMessage("dropout: the probability must lie in [0, 1), got 1.0");
  }

  @Test
  void groupsThatDontDivideAreRefused() {
    assertThatThrownBy(() -> new Conv2d(4, 6, 3, 1, 1, 3))
        .hasMessage("conv2d: 3 groups must divide the 4 inputs and the 6 outputs");
  }

  @Test
  void initialisersDrawByIndex() {
    Philox draws = Philox.of(1, "w");
    double[] normal = Init.normal(2).values(Shape.of(7), draws);
    double[] uniform = Init.uniform(3).values(Shape.of(7), draws);
    for (int i = 0; i < 7; i++) {
      assertThat(normal[i]).isEqualTo(2 * draws.normal(i));
      assertThat(uniform[i]).isEqualTo(3 * (2 * draws.uniform(i) - 1));
    }
  }

  @Test
  void initialisersHaveTheVariancesOfTheirPapers() {
    Shape w = Shape.of(64, 3, 3, 32);
    Philox draws = Philox.of(1, "w");
    assertThat(variance(Init.kaimingNormalFanIn().values(w, draws))).isCloseTo(2.0 / 288, part());
    assertThat(variance(Init.kaimingNormalFanOut().values(w, draws))).isCloseTo(2.0 / 576, part());
    assertThat(variance(Init.kaimingUniform().values(w, draws))).isCloseTo(2.0 / 288, part());
    assertThat(variance(Init.xavierUniform().values(w, draws))).isCloseTo(2.0 / 864, part());
    assertThat(variance(Init.torch().values(w, draws))).isCloseTo(1.0 / 3 / 288, part());
  }

  private double[] run(Layer layer, float... x) {
    return Tape.infer(device, t -> layer.apply(t.input(Shape.of(x.length), x)).toDoubles());
  }

  private static org.assertj.core.data.Percentage part() {
    return org.assertj.core.data.Percentage.withPercentage(3);
  }

  private static double variance(double[] v) {
    double mean = Arrays.stream(v).average().orElseThrow();
    return Arrays.stream(v).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
  }
}
