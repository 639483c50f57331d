package retort.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SeedsTest {
  private final Seeds a = new Seeds(76.0, 77.0, 78.5);

  @Test
  void intervalIsStudents() {
    assertThat(a.mean()).isCloseTo(77.1667, within(1e-4));
    // t(0.975, 2) = 4.30265, s = 1.25831
    assertThat(a.halfWidth()).isCloseTo(4.30265 * 1.25831 / Math.sqrt(3), within(1e-4));
    assertThat(a).hasToString("77.17 ± 3.13");
  }

  @Test
  void oneSeedHasNoInterval() {
    assertThat(new Seeds(70).halfWidth()).isNaN();
    assertThat(new Seeds(70)).hasToString("70.00");
  }

  @Test
  void thePairedTestSeesWhatSeedsShare() {
    Seeds b = new Seeds(75.0, 76.1, 77.4);
    // differences 1, 0.9, 1.1: t = 17.3205 with two degrees of freedom
    assertThat(a.pairedP(b)).isCloseTo(0.003317, within(1e-5));
    assertThat(a.pairedP(a)).isNaN();
    assertThat(new Seeds(1).pairedP(new Seeds(2))).isNaN();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> a.pairedP(new Seeds(1)))
        .withMessageContaining("got 3 and 1");
  }
}
