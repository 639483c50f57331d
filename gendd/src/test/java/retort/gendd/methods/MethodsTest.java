package retort.gendd.methods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import retort.gendd.Distiller;
import retort.gendd.Step;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.Toy;
import retort.nn.Module;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;
import retort.tensor.contract.ReadCounter;

class MethodsTest {
  private final Toy toy = new Toy();
  private final Teacher teacher = toy.teacher();

  private Setting setting(String student) {
    return setting(toy, teacher, student);
  }

  private static Setting setting(Toy toy, Teacher teacher, String student) {
    return new Setting(toy.net(student, 1), teacher, Toy.IMAGE, Toy.labels());
  }

  /// Options small enough for a test.
  private static MethodOptions small(Methods.Method method) {
    MethodOptions o = method.options("*", "*");
    for (String option : o.values().keySet()) {
      double value =
          switch (option) {
            case "width" -> 16;
            case "draws", "negatives" -> 3;
            case "steps" -> 2;
            case "token" -> 64;
            default -> o.get(option);
          };
      o = o.with(option, value);
    }
    return o;
  }

  @TestFactory
  Stream<DynamicTest> everyMethodTrainsAStepAndClassifies() {
    return Methods.all().stream()
        .map(m ->
            DynamicTest.dynamicTest(
                m.name(),
                () -> {
                  Distiller method = m.make(setting("wrn_16_1"), small(m));
                  assertThat(Arrays.stream(toy.train(method, 3))).allMatch(Double::isFinite);
                  teacher.checkUntouched();
                  method.eval();
                  Tape.infer(
                      toy.device,
                      tape -> {
                        Tensor images = Toy.images(tape, 5);
                        method
                            .classifiers()
                            .forEach((name, c) ->
                                assertThat(c.logits(images, new StepDraws(1, 1)).shape().last())
                                    .isEqualTo(Toy.CLASSES));
                        return null;
                      });
                }));
  }

  /// A card need not be waited for: but for the loss, which the training here reads. The first
  /// steps look whether gradients flow.
  @TestFactory
  Stream<DynamicTest> aSteadyStepReadsNothing() {
    var counter = new ReadCounter();
    Toy counted = new Toy(counter.device());
    Teacher quiet = counted.teacher();
    return Methods.all().stream()
        .map(m ->
            DynamicTest.dynamicTest(
                m.name(),
                () -> {
                  int[] reads = new int[2];
                  for (int i = 0; i < 2; i++) {
                    Distiller method = m.make(setting(counted, quiet, "wrn_16_1"), small(m));
                    int before = counter.reads();
                    counted.train(method, 3 + i);
                    reads[i] = counter.reads() - before;
                  }
                  assertThat(reads[1]).isEqualTo(reads[0] + 1);
                }));
  }

  /// Losses that bring a student near its teacher fall when it is trained by them.
  @TestFactory
  Stream<DynamicTest> theirOwnTermFalls() {
    return Stream.of("fitnet", "at", "rkd", "crd", "ofd", "reviewkd", "dkd", "ikl", "kl")
        .map(name ->
            DynamicTest.dynamicTest(
                name,
                () -> {
                  Methods.Method m = Methods.named(name);
                  MethodOptions o = small(m);
                  if (o.values().containsKey("ce")) o = o.with("ce", 0);
                  if (name.equals("ikl")) o = o.with("alpha", 0); // a cross-entropy ends above 0
                  if (o.values().containsKey("warmup")) o = o.with("warmup", 1);
                  double[] l = toy.train(m.make(setting("wrn_16_1"), o), 30);
                  assertThat(Arrays.stream(l, 25, 30).sum())
                      .isLessThan(0.95 * Arrays.stream(l, 0, 5).sum());
                }));
  }

  @Test
  void extraParametersAndBanksAreSaved() {
    Distiller crd = Methods.named("crd").make(setting("resnet8"), small(Methods.named("crd")));
    assertThat(crd.parameterShapes().keySet())
        .contains("studentEmbedding.weight", "teacherEmbedding.bias");
    Module.on(toy.device, 1, crd);
    assertThat(crd.state().keySet()).contains("studentBank.rows", "teacherBank.norm");
    Distiller ikl = Methods.named("gkl").make(setting("resnet8"), small(Methods.named("gkl")));
    Module.on(toy.device, 1, ikl);
    assertThat(ikl.state().keySet()).contains("priors.prior", "priors.count", "priors.epoch");
  }

  /// The contrast's gradient reads the banks: they may move only when it is there.
  @Test
  void banksMoveWhenTheGradientsAreThere() {
    Distiller crd = Methods.named("crd").make(setting("resnet8"), small(Methods.named("crd")));
    Module.on(toy.device, 1, crd);
    Tensor bank = crd.state().get("studentBank.rows");
    double[] before = bank.toDoubles();
    Tape.train(toy.device, tape -> crd.forward(Toy.step(tape, 0)));
    assertThat(bank.toDoubles()).isEqualTo(before);
    Tape.train(toy.device, tape -> crd.backward(Toy.step(tape, 0)));
    assertThat(bank.toDoubles()).isNotEqualTo(before);
  }

  @Test
  void classPriorsAreLastEpochsMeans() {
    ClassPriors priors = Module.on(toy.device, 0, new ClassPriors(Toy.CLASSES));
    Tape.infer(
        toy.device,
        tape -> {
          var first = Toy.step(tape, 0);
          assertThat(priors.of(first).toFloats()).containsOnly(.25f);
          Tensor p = tape.uniform(Shape.of(8, 4), new Philox(1, 1));
          priors.add(p, first);
          assertThat(priors.of(first).toFloats()).containsOnly(.25f);
          var next = new Step(first.images(), first.labels(), first.indices(), 1, first.draws());
          double[] row = priors.of(next).toDoubles(), all = p.toDoubles();
          assertThat(row[1]).isEqualTo((all[1] + all[17]) / 2, within(1e-6));
          return null;
        });
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeTraining() {
    assertThatThrownBy(
            () -> Methods.named("at").make(setting("mobilenetv2"), small(Methods.named("at"))))
        .hasMessageContaining("at compares maps stage by stage, but the student has")
        .hasMessageContaining("choose nets of one family");
    assertThatThrownBy(() ->
            Methods.named("fitnet")
                .make(setting("resnet8"), small(Methods.named("fitnet")).with("stage", 7)))
        .hasMessage("fitnet: stage 7 is outside 1 to 3");
    assertThatThrownBy(() ->
            Methods.named("kd")
                .make(
                    new Setting(toy.student(), null, Toy.IMAGE, Toy.labels()),
                    small(Methods.named("kd"))))
        .hasMessage("method kd wants a teacher; plain does without");
    assertThatThrownBy(() -> new LinearProbe(toy.student(), null, .5))
        .hasMessageContaining("be 1 without a teacher");
    assertThatThrownBy(() ->
            new Crd(
                new Setting(toy.student(), teacher, Toy.IMAGE, new int[4]),
                new Crd.Options(1, 1, 8, 4, .1)))
        .hasMessageContaining("fewer than two");
  }

  @Test
  void defaultsComeByPairWithTheirSources() {
    Methods.Method dkd = Methods.named("dkd");
    assertThat(dkd.options("resnet56", "resnet20").get("beta")).isEqualTo(2);
    assertThat(dkd.options("vgg13", "mobilenetv2").get("beta")).isEqualTo(6);
    assertThat(dkd.options("*", "*").get("beta")).isEqualTo(8);
    assertThat(Methods.named("gendd").options("resnet32x4", "resnet8x4").get("lambda"))
        .isEqualTo(.7);
    for (Methods.Method m : Methods.all())
      m.options("*", "*").values().values().forEach(v -> assertThat(v.source()).isNotBlank());
    assertThatThrownBy(() -> dkd.options("*", "*").with("betta", 1))
        .hasMessage(
            "method dkd has no option 'betta'; did you mean 'beta'?; it has temperature, ce, alpha,"
                + " beta, warmup");
    assertThatThrownBy(() -> Methods.named("dkdd"))
        .hasMessageContaining("there is no method 'dkdd'");
    assertThatThrownBy(() -> small(Methods.named("gendd")).with("width", 10.5).whole("width"))
        .hasMessage("gendd: option 'width' is a whole number, got 10.5");
  }
}
