package retort.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AccuracyTest {
  /// Wilson's interval worked out by hand from its formula with z = 1.959964.
  @Test
  void hasWilsonsInterval() {
    Accuracy a = Accuracy.of(90, 100);
    assertThat(a.value()).isEqualTo(0.9);
    assertThat(a.low()).isCloseTo(0.825634, within(1e-6));
    assertThat(a.high()).isCloseTo(0.944771, within(1e-6));
    assertThat(a).hasToString("90.0 % [82.6, 94.5]");
  }

  @Test
  void staysInsideTheUnitIntervalAtItsEnds() {
    assertThat(Accuracy.of(10, 10).high()).isCloseTo(1, within(1e-12));
    assertThat(Accuracy.of(10, 10).low()).isCloseTo(0.722467, within(1e-6));
    assertThat(Accuracy.of(0, 10).low()).isCloseTo(0, within(1e-12));
  }

  @Test
  void refusesImpossibleCounts() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Accuracy.of(11, 10))
        .withMessage("accuracy: 11 of 10 can't be right");
    assertThatIllegalArgumentException().isThrownBy(() -> Accuracy.of(0, 0));
  }
}
