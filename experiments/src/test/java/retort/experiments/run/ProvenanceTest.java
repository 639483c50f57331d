package retort.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import org.junit.jupiter.api.Test;
import retort.experiments.Failure;

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
  void whatIsComparedOnPurposeIsLeftOut() {
    assertThatCode(() ->
            Provenance.of(manifest(1, 0.1, "aa"))
                .without("configuration")
                .checkSame(
                    "a", Provenance.of(manifest(1, 0.2, "aa")).without("configuration"), "b"))
        .doesNotThrowAnyException();
  }
}
