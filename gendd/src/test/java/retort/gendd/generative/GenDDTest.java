package retort.gendd.generative;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.gendd.Losses;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.Toy;
import retort.gendd.diffusion.Sampling;
import retort.nn.Module;
import retort.nn.backbone.Backbones;
import retort.nn.optim.AdamW;
import retort.nn.optim.ParameterGroup;
import retort.tensor.Parameter;
import retort.tensor.Tape;
import retort.tensor.Tensor;

class GenDDTest {
  private static final GenDDOptions TINY =
      GenDDOptions.SMALL
          .token(32)
          .width(32)
          .depth(2)
          .draws(2)
          .sampling(Sampling.PAPER.steps("4").clip(true));

  private final Toy toy = new Toy();
  private final Teacher teacher = toy.teacher();

  private GenDD method(GenDDOptions options) {
    return new GenDD(toy.student(), teacher, options);
  }

  @Test
  void itLearnsAndLeavesTheTeacherAlone() {
    double[] losses = toy.train(method(TINY.predict("clean")), 60);
    assertThat(mean(losses, 50, 60)).isLessThan(0.5 * mean(losses, 0, 10));
    teacher.checkUntouched();
  }

  private static double mean(double[] x, int from, int to) {
    return Arrays.stream(x, from, to).average().orElseThrow();
  }

  @Test
  void theStudentsBodyGetsItsFirstGradientInTheThirdStep() {
    GenDD method = Module.on(toy.device, 3, method(TINY));
    AdamW optimiser = new AdamW(method, 0);
    double[] body = new double[3];
    for (int i = 0; i < 3; i++) {
      int number = i;
      Tape.train(
          toy.device,
          tape -> {
            method.backward(Toy.step(tape, number));
            Parameter conv = method.parameters().get("student.conv1.weight");
            body[number] = toy.device.kernels().sumSquares(conv.gradSpan());
            return null;
          });
      optimiser.step(1e-2);
      optimiser.zeroGrad();
    }
    assertThat(body[0]).isZero();
    assertThat(body[1]).isZero();
    assertThat(body[2]).isPositive();
  }

  @Test
  void aStandingStillHeadIsNoticed() {
    GenDD method = Module.on(toy.device, 3, method(TINY));
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 3; i++) { // no optimiser between
                int number = i;
                Tape.train(toy.device, tape -> method.backward(Toy.step(tape, number)));
              }
            })
        .hasMessage(
            "GenDD: after 3 steps no gradient has reached the student's body; a loss is detached"
                + " from it, or the learning rate of the first steps was 0");
  }

  @Test
  void aDetachedConditionTrainsTheHeadAlone() {
    double[] losses = toy.train(method(TINY.detachCondition(true)), 5);
    assertThat(Arrays.stream(losses)).allMatch(Double::isFinite);
  }

  @Test
  void changingTheTeacherIsNoticed() {
    Teacher own = toy.teacher();
    GenDD method = Module.on(toy.device, 3, new GenDD(toy.student(), own, TINY));
    own.checkUntouched();
    own.net().train();
    assertThatThrownBy(() -> Tape.train(toy.device, tape -> method.backward(Toy.step(tape, 0))))
        .hasMessageContaining("the teacher was put into training mode");
    own = toy.teacher();
    float[] w = own.net().classifier().weight().toFloats();
    w[0]++;
    own.net().classifier().weight().set(w);
    assertThatThrownBy(own::checkUntouched).hasMessageContaining("numbers have changed");
    own = toy.teacher();
    own.net().unfreeze("*fc*");
    assertThatThrownBy(own::checkUntouched)
        .hasMessage("a gradient reaches the teacher's 'fc.weight'");
  }

  @Test
  void lossesAreNamedAndTheSameSeedGivesTheSame() {
    double[] a = toy.train(method(TINY), 3);
    assertThat(toy.train(method(TINY), 3)).containsExactly(a);
    GenDD method = Module.on(toy.device, 11, method(TINY));
    Tape.train(
        toy.device,
        tape -> {
          Losses l = method.backward(Toy.step(tape, 0));
          assertThat(l.values().sequencedKeySet()).containsExactly("mse", "vb", "own");
          assertThat(l.values().get("mse")).isBetween(0.8, 1.2); // the noise's own square
          assertThat(l.total().item()).isEqualTo((float) a[0]);
          return null;
        });
  }

  @Test
  void aSteadyStepTakesNoFreshMemory() {
    GenDD method = method(TINY.draws(4));
    toy.train(method, 3);
    long fresh = toy.device.memory().fresh();
    for (int i = 0; i < 3; i++) {
      // Distinct steps and step-0 rows vary in number, so the same draws are taken again.
      Tape.train(toy.device, tape -> method.backward(Toy.step(tape, 1)).total().item());
      if (i == 0) fresh = toy.device.memory().fresh();
    }
    assertThat(toy.device.memory().fresh()).isEqualTo(fresh);
  }

  @Test
  void imagesAreClassifiedByGeneration() {
    GenDD method = method(TINY.predict("clean"));
    toy.train(method, 150);
    method.eval();
    Tape.infer(
        toy.device,
        tape -> {
          StepDraws draws = new StepDraws(1, 0);
          var classifiers = method.classifiers();
          assertThat(classifiers.sequencedKeySet())
              .containsExactly("student", "generated x1", "generated x5");
          Tensor images = Toy.images(tape, 1000);
          assertThat(classifiers.get("student").logits(images, draws).argmax())
              .containsExactly(Toy.labels());
          // The untrained teacher can't tell classes apart; contraction to its rows teaches them.
          assertThat(classifiers.get("generated x5").logits(images, draws).argmax())
              .containsExactly(Toy.labels());
          List<float[]> states = method.trajectory(images, TINY.sampling(), draws);
          assertThat(states).hasSize(5).allMatch(s -> s.length == Toy.BATCH * 128);
          return null;
        });
  }

  @ParameterizedTest
  @CsvSource({"clean, mean, 1", "velocity, ddim, 8", "flow, heun, 4", "meanflow, meanflow, 1"})
  void everyParametrisationLearnsAndGenerates(String predict, String sampler, String steps) {
    Sampling how = TINY.sampling().sampler(sampler).steps(steps);
    GenDD method = method(TINY.token(16).predict(predict));
    double[] losses = toy.train(method, 100);
    assertThat(mean(losses, 80, 100)).isLessThan(mean(losses, 0, 20));
    method.eval();
    Tape.infer(
        toy.device,
        tape -> {
          Tensor images = Toy.images(tape, 1000);
          int[] said = method.logits(images, how, new StepDraws(1, 0)).argmax();
          int right = 0;
          for (int i = 0; i < said.length; i++) if (said[i] == Toy.labels()[i]) right++;
          assertThat(right).isGreaterThanOrEqualTo(5); // of 8; chance is 2
          return null;
        });
  }

  @Test
  void generatingCostsStepsTimesTokensTimesTheHead() {
    GenDD method = method(TINY);
    Sampling one = TINY.sampling().steps("1").guidance(1).clip(false);
    long single = method.macs(one);
    // Four tokens through blocks, modulations and output; one condition an image.
    long input = 32 * 32, trunk = 2 * 2 * 32 * 32 + 32 * 64, ada = 2 * 3 * 32 * 32 + 2 * 32 * 32;
    assertThat(single).isEqualTo(4 * (input + trunk + ada) + 64 * 32);
    assertThat(method.macs(one.samples(5))).isEqualTo(4 * (5 * (input + trunk) + ada) + 64 * 32);
    // Without a condition all images share the modulations; the input layer is shared as it is.
    assertThat(method.macs(one.guidance(2)) - single).isEqualTo(4 * trunk);
    assertThat(method.macs(one.steps("4")) - 64 * 32).isEqualTo(4 * (single - 64 * 32));
  }

  @Test
  void withoutLabelsTheOwnClassifierFollowsTheTeacher() {
    GenDD method = method(TINY.unlabelled());
    double[] losses = toy.train(method, 5);
    assertThat(Arrays.stream(losses)).allMatch(Double::isFinite);
    assertThat(method.state().keySet()).noneMatch(p -> p.contains("centres"));
  }

  @Test
  void theHeadIsNotDecayedAndEverythingIsSaved() {
    GenDD method = Module.on(toy.device, 3, method(TINY));
    AdamW optimiser =
        new AdamW(method, .9, .999, method.groups(.05).toArray(ParameterGroup[]::new));
    optimiser
        .groups()
        .forEach(
            (path, g) -> assertThat(g.weightDecay()).isEqualTo(path.startsWith("head.") ? 0 : .05));
    assertThat(method.state().keySet())
        .contains(
            "student.conv1.weight",
            "norm.weight",
            "head.position.weight",
            "range.low",
            "contraction.centres");
    assertThat(method.parameters().keySet()).noneMatch(p -> p.startsWith("teacher"));
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeTraining() {
    assertThatThrownBy(() -> method(TINY.token(48)))
        .hasMessageContaining("tokens of 48 don't divide a teacher feature of 128");
    assertThatThrownBy(() -> method(TINY.predict("noises")))
        .hasMessageContaining("a head can't predict 'noises'");
    assertThatThrownBy(() -> method(TINY.draws(0)))
        .hasMessage("GenDD wants at least 1 draw, got 0");
    assertThatThrownBy(() ->
            new GenDD(Module.on(toy.device, 1, Backbones.make("resnet8", 1, 7)), teacher, TINY))
        .hasMessage(
            "the teacher tells 4 classes apart and the student 7; make the student with the"
                + " teacher's");
  }

  @Test
  void theOtherMethodsOfThisFamily() {
    double[] regression =
        toy.train(
            new FeatureRegression(
                toy.student(),
                teacher,
                new DistributionContraction(.5, Centres.of(Centres.Kind.WEIGHT_ROW, teacher))),
            40);
    assertThat(mean(regression, 30, 40)).isLessThan(mean(regression, 0, 10));
    ClassifierPretraining first = new ClassifierPretraining(toy.student(), teacher);
    double[] own = toy.student().classifier().weight().toDoubles();
    double[] ce = toy.train(first, 40);
    assertThat(mean(ce, 30, 40)).isLessThan(0.5 * mean(ce, 0, 10));
    assertThat(first.student().classifier().weight().toDoubles()).containsExactly(own);
    teacher.checkUntouched();
  }
}
