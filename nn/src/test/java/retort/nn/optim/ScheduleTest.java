package retort.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static final Offset<Double> TINY = within(1e-15);

  @Test
  void stepsFallAtTheirMilestones() {
    Schedule s = Schedule.steps(.05, .1, 150, 180, 210);
    assertThat(s.at(149, 9)).isEqualTo(.05);
    assertThat(s.at(150, 0)).isCloseTo(.005, TINY);
    assertThat(s.at(239, 0)).isCloseTo(.00005, TINY);
    assertThat(Schedule.constant(.3).at(7, 7)).isEqualTo(.3);
  }

  @Test
  void cosineRisesStepByStepAndEndsLow() {
    Schedule s = Schedule.cosine(1, .1, 2, 6, 5);
    assertThat(s.at(0, 0)).isCloseTo(.1, TINY);
    assertThat(s.at(1, 4)).isCloseTo(1, TINY);
    assertThat(s.at(2, 0)).isCloseTo(1, TINY);
    assertThat(s.at(4, 0)).isCloseTo(.55, TINY);
    assertThat(s.at(6, 0)).isCloseTo(.1, TINY);
    assertThat(Schedule.cosine(1, 0, 0, 1, 1).at(0, 0)).isEqualTo(1);
  }

  @Test
  void cosineByEpochIsOneStepDownRightAfterTheRise() {
    Schedule s = Schedule.cosineByEpoch(2e-3, 1e-6, 10, 100);
    assertThat(s.at(0, 500)).isCloseTo(2e-4, TINY);
    assertThat(s.at(9, 0)).isCloseTo(2e-3, TINY);
    assertThat(s.at(10, 0))
        .isCloseTo(1e-6 + (2e-3 - 1e-6) / 2 * (1 + Math.cos(Math.PI / 90)), TINY);
    assertThat(s.at(99, 0)).isCloseTo(1e-6, TINY);
  }

  @Test
  void timmsCosineBeganWithTheFirstEpoch() {
    Schedule s = Schedule.timmCosine(5e-3, 1e-6, 5, 300);
    assertThat(s.at(0, 9)).isCloseTo(1e-6, TINY);
    assertThat(s.at(1, 0)).isCloseTo(1e-6 + (5e-3 - 1e-6) / 5, TINY);
    assertThat(s.at(5, 0))
        .isCloseTo(1e-6 + (5e-3 - 1e-6) / 2 * (1 + Math.cos(Math.PI * 5 / 300)), TINY);
    assertThat(s.at(150, 0)).isCloseTo((5e-3 + 1e-6) / 2, TINY);
    assertThat(Schedule.timmCosine(1, 0, 0, 1).at(0, 0)).isEqualTo(1);
  }

  @Test
  void cifarStepsNeverReachTheirHighRate() {
    Schedule s = Schedule.cifarSteps(1e-3, 50, 150, 180, 210);
    assertThat(s.at(0, 0)).isCloseTo(1e-3 / 50, TINY);
    assertThat(s.at(48, 0)).isCloseTo(1e-3 * 49 / 50, TINY);
    assertThat(s.at(49, 0)).isCloseTo(1e-3 * 49 / 50, TINY);
    assertThat(s.at(149, 0)).isCloseTo(1e-3 * 49 / 50, TINY);
    assertThat(s.at(150, 0)).isCloseTo(1e-4 * 49 / 50, TINY);
    assertThat(s.at(239, 0)).isCloseTo(1e-6 * 49 / 50, TINY);
    assertThat(Schedule.cifarSteps(1e-3, 0, 150).at(0, 0)).isEqualTo(1e-3);
  }

  @Test
  void beta2RisesFromTheFirstStepToTheLast() {
    Schedule s = Schedule.rising(.95, .999, 3, 7);
    assertThat(s.at(0, 0)).isCloseTo(.95, TINY);
    assertThat(s.at(1, 3)).isCloseTo(.9745, TINY);
    assertThat(s.at(2, 6)).isCloseTo(.999, TINY);
  }
}
