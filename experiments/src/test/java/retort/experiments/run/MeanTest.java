package retort.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class MeanTest {
  @Test
  void studentsIntervalOverThreeSeeds() {
    Mean m = Mean.of(0.81, 0.82, 0.83);
    // t of 2 degrees of freedom at 97.5 % is 4.30265; the deviation is 0.01
    assertThat(m.value()).isCloseTo(0.82, within(1e-12));
    assertThat(m.high() - m.value()).isCloseTo(4.30265 * 0.01 / Math.sqrt(3), within(1e-6));
    assertThat(m.percent()).isEqualTo("82.0 % [79.5, 84.5]");
    assertThat(m).hasToString("0.820 [0.795, 0.845]");
  }

  @Test
  void oneSeedHasNoIntervalAndEqualOnesHaveAPoint() {
    assertThat(Mean.of(0.5).percent()).isEqualTo("50.0 %");
    assertThat(Mean.of(0.5).low()).isNaN();
    assertThat(Mean.of(0.5, 0.5).percent()).isEqualTo("50.0 % [50.0, 50.0]");
  }

  @Test
  void differencesAreTakenSeedBySeed() {
    Mean d = Mean.difference(new double[] {3, 5, 9}, new double[] {2, 4, 8});
    assertThat(d).isEqualTo(new Mean(1, 1, 1, 3));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mean.difference(new double[2], new double[3]))
        .withMessage("paired values: 2 against 3; give one of each a seed");
    assertThatIllegalArgumentException()
        .isThrownBy(Mean::of)
        .withMessage("a mean wants at least one value");
  }
}
