package retort.gendd.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import retort.gendd.Labels;
import retort.gendd.StepDraws;
import retort.gendd.Toy;
import retort.nn.Module;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

class ContractionTest {
  private static final Centres CENTRES = new Centres(3, 2, new double[] {1, 2, 3, 4, 5, 6});
  private static final Device DEVICE = Device.reference();

  @Test
  void tokensAreNeighbouringParts() {
    SplitTokens t = new SplitTokens(6, 2);
    assertThat(t.count()).isEqualTo(3);
    Tape.infer(
        DEVICE,
        tape -> {
          Tensor f = tape.input(Shape.of(2, 6), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
          Tensor tokens = t.split(f);
          assertThat(tokens.shape()).isEqualTo(Shape.of(6, 2));
          assertThat(tokens.narrow(0, 4, 1).toDoubles()).containsExactly(9, 10);
          assertThat(t.join(tokens).shape()).isEqualTo(f.shape());
          return null;
        });
  }

  @Test
  void tokensThatDoNotDivideTheFeatureAreRefusedWithThoseThatDo() {
    assertThatThrownBy(() -> new SplitTokens(12, 5))
        .hasMessage(
            "tokens of 5 don't divide a teacher feature of 12; these do: 1, 2, 3, 4, 6, 12");
  }

  private static double[] contract(double lambda, Labels labels) {
    DistributionContraction c = Module.on(DEVICE, 0, new DistributionContraction(lambda, CENTRES));
    return c.apply(Tape.current().input(Shape.of(2, 2), 10, 20, 30, 40), labels).toDoubles();
  }

  @Test
  void lambdaIsTheDegreeOfContraction() {
    Tape.infer(
        DEVICE,
        tape -> {
          Labels hard = Labels.of(2, 0);
          assertThat(contract(0, hard)).containsExactly(10, 20, 30, 40);
          assertThat(contract(1, hard)).containsExactly(5, 6, 1, 2);
          assertThat(contract(.75, hard)).containsExactly(6.25, 9.5, 8.25, 11.5);
          return null;
        });
    assertThatThrownBy(() -> new DistributionContraction(1.5, CENTRES))
        .hasMessage("contraction: lambda must lie in 0 (none) to 1 (the centre alone), got 1.5");
  }

  @Test
  void softLabelsMixTheCentres() {
    Tape.infer(
        DEVICE,
        tape -> {
          Tensor soft = tape.input(Shape.of(2, 3), .5f, 0, .5f, 0, 1, 0);
          assertThat(contract(1, Labels.of(new int[] {0, 1}, soft))).containsExactly(3, 4, 3, 4);
          // Smoothing 0.3: 0.7 own centre + 0.3 mean centre (3, 4).
          assertThat(contract(1, new Labels(new int[] {0, 2}, null, .3, false)))
              .usingComparatorWithPrecision(1e-12)
              .containsExactly(1.6, 2.6, 4.4, 5.4);
          return null;
        });
  }

  @Test
  void centresOfTheThreeKinds() {
    Toy toy = new Toy();
    var teacher = toy.teacher();
    double[] w = teacher.net().classifier().weight().toDoubles();
    assertThat(Centres.of(Centres.Kind.WEIGHT_ROW, teacher).rows()).containsExactly(w);
    double[] n = Centres.of(Centres.Kind.NORMALISED_ROW, teacher).rows();
    double[] length = new double[4], before = new double[4];
    for (int i = 0; i < n.length; i++) {
      length[i / 128] += n[i] * n[i];
      before[i / 128] += w[i] * w[i];
    }
    double mean = 0;
    for (double b : before) mean += Math.sqrt(b) / 4;
    for (double l : length) assertThat(Math.sqrt(l)).isCloseTo(mean, within(1e-9));
    assertThat(n[0] / n[1]).isCloseTo(w[0] / w[1], within(1e-6));
    assertThatThrownBy(() -> Centres.of(Centres.Kind.CLASS_MEAN, teacher))
        .hasMessageContaining("class means want the training images");
    Centres.Means means = new Centres.Means(2, 2);
    Tape.infer(
        DEVICE,
        tape -> {
          means.add(tape.input(Shape.of(3, 2), 1, 2, 3, 4, 7, 8), 0, 0, 1);
          return null;
        });
    assertThat(means.centres().rows()).containsExactly(2, 3, 7, 8);
    assertThatThrownBy(() -> new Centres.Means(2, 2).centres())
        .hasMessage("class 0 has no training image, so it has no mean feature");
  }

  @Test
  void oneShareMixesConditionsAndTargetsAlike() {
    Tape.infer(
        DEVICE,
        tape -> {
          Tensor z = tape.input(Shape.of(4, 1), 1, 2, 4, 8);
          Tensor target = tape.input(Shape.of(4, 1), 10, 20, 40, 80);
          FeatureMixup.Pair p = new FeatureMixup(1).apply(z, target, new StepDraws(5, 3));
          double[] a = p.condition().toDoubles(), b = p.target().toDoubles();
          for (int i = 0; i < 4; i++) assertThat(b[i]).isCloseTo(10 * a[i], within(1e-12));
          assertThat(a[0] + a[1] + a[2] + a[3]).isCloseTo(15, within(1e-12));
          assertThat(a).isNotEqualTo(z.toDoubles());
          assertThat(
                  new FeatureMixup(1).apply(z, target, new StepDraws(5, 3)).condition().toDoubles())
              .containsExactly(a);
          assertThat(new FeatureMixup(0).apply(z, target, new StepDraws(5, 3)).condition())
              .isSameAs(z);
          return null;
        });
    assertThatThrownBy(() -> new FeatureMixup(-1)).hasMessageContaining("must not be negative");
  }

  @Test
  void theRangeOfTargetsHoldsTokensBack() {
    TargetRange range = Module.on(DEVICE, 0, new TargetRange(2));
    Tape.infer(
        DEVICE,
        tape -> {
          assertThatThrownBy(range::guard)
              .hasMessageContaining("no training step has seen one yet");
          range.widen(tape.input(Shape.of(2, 2), 1, 5, -1, 6));
          range.widen(tape.input(Shape.of(1, 2), 0, 9));
          assertThat(range.guard().apply(tape.input(Shape.of(4, 1), 7, 7, -7, -7)).toDoubles())
              .containsExactly(1, 7, -1, 5);
          return null;
        });
  }
}
