package retort.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Failure;
import retort.experiments.Machine;

class ProvenanceTest {
  record Plan(long seed, double rate) {}

  private static Manifest manifest(long seed, double rate, String data) {
    return Manifest.of(List.of("table", "5"), new Plan(seed, rate), seed, "cifar-100", data, "cpu");
  }

  private static void compare(Manifest a, Manifest b) {
    Provenance.of(a).checkSame("runs/a", Provenance.of(b), "runs/b");
  }

  @Test
  void runsMayDifferInTheirSeed() {
    assertThatCode(() -> compare(manifest(1, 0.1, "aa"), manifest(2, 0.1, "aa")))
        .doesNotThrowAnyException();
  }

  @Test
  void runsOfDifferentRecipesDataOrTeachersAreRefused() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> compare(manifest(1, 0.1, "aa"), manifest(2, 0.2, "aa")))
        .satisfies(f ->
            assertThat(f.text())
                .contains("configuration.rate is '0.1' in one and '0.2' in the other")
                .contains("runs/a and runs/b"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> compare(manifest(1, 0.1, "aa"), manifest(2, 0.1, "bb")))
        .withMessageContaining("dataHash is 'aa' in one and 'bb'");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> compare(manifest(1, 0.1, "aa"), manifest(1, 0.1, "aa").taughtBy("t")))
        .withMessageContaining("teacherHash");
  }

  @Test
  void everyDifferenceIsNamed() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> compare(manifest(1, 0.1, "aa"), manifest(1, 0.2, "bb").taughtBy("t")))
        .withMessage(
            "runs of different manifests don't go into one table: configuration.rate is '0.1' in"
                + " one and '0.2' in the other; dataHash is 'aa' in one and 'bb' in the other;"
                + " teacherHash is '' in one and 't' in the other");
  }

  @Test
  void whatChangesNumbersMustAgreeAndWhatDoesNotMayDiffer() {
    Manifest plain = manifest(1, 0.1, "aa");
    System.setProperty("retort.exact", "true");
    Manifest exact = manifest(1, 0.1, "aa");
    System.clearProperty("retort.exact");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> compare(plain, exact))
        .withMessageEndingWith("arithmetic.exact is 'false' in one and 'true' in the other");
    Manifest card = Manifest.of(List.of(), new Plan(1, 0.1), 1, "cifar-100", "aa", "cuda");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> compare(plain, card))
        .withMessageContaining("arithmetic.products is '' in one and 'as built' in the other")
        .withMessageContaining("device is 'cpu' in one and 'cuda' in the other");
    System.setProperty("retort.cuda.coarse", "bfloat16");
    assertThat(Arithmetic.of("cuda").products()).isEqualTo("as built, coarse ones bfloat16");
    System.clearProperty("retort.cuda.coarse");
    Machine m = plain.machine();
    var larger =
        new Machine(m.cpu(), 64, m.vectorBits(), 1 << 20, 99, m.os(), m.jvm(), List.of("-Xmx99m"));
    assertThatCode(() -> compare(plain, on(plain, larger))).doesNotThrowAnyException();
  }

  private static Manifest on(Manifest m, Machine machine) {
    return new Manifest(
        List.of("table", "5", "--threads=3"),
        m.configuration(),
        m.seed(),
        m.data(),
        m.dataHash(),
        m.teacherHash(),
        m.device(),
        m.arithmetic(),
        m.code(),
        machine,
        "later");
  }

  @TempDir Path temp;

  @Test
  void aRunGoesOnAsItBegan() {
    RunFolder folder = RunFolder.create(temp);
    manifest(1, 0.1, "aa").settle(folder);
    assertThatCode(() -> manifest(1, 0.1, "aa").settle(folder)).doesNotThrowAnyException();
    System.setProperty("retort.exact", "true");
    Manifest exact = manifest(1, 0.1, "aa");
    System.clearProperty("retort.exact");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> exact.settle(folder))
        .satisfies(f ->
            assertThat(f.text())
                .contains("began with arithmetic/exact 'false' and is asked to go on with 'true'")
                .contains("go on with the --device and --exact that it began with"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() ->
            Manifest.of(List.of(), new Plan(1, 0.1), 1, "cifar-100", "aa", "cuda").settle(folder))
        .withMessage("the run began with device 'cpu' and is asked to go on with 'cuda'");
  }

  @Test
  void whatIsComparedOnPurposeIsLeftOut() {
    assertThatCode(() ->
            Provenance.of(manifest(1, 0.1, "aa"))
                .without("configuration")
                .checkSame(
                    "a", Provenance.of(manifest(1, 0.2, "aa")).without("configuration"), "b"))
        .doesNotThrowAnyException();
  }
}
