package retort.gendd.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/// The expected numbers were computed in double precision with the published MAR diffusion code.
class NoiseScheduleTest {
  private final NoiseSchedule cosine = NoiseSchedule.cosine(1000);

  @Test
  void cosineBetas() {
    Map.of(
            0, 4.128422482196914e-05,
            1, 4.614175273665033e-05,
            499, 3.1458862304780677e-03,
            998, 0.7499993929011166,
            999, 0.999)
        .forEach((i, beta) -> assertThat(cosine.beta(i)).isCloseTo(beta, relative(1e-12)));
  }

  @Test
  void cosineSignalLevels() {
    Map.of(
            0, 0.999958715775178,
            99, 0.9720927371139696,
            249, 0.847012161326905,
            499, 0.4938435904406382,
            749, 0.14427210238573596,
            899, 0.02409172414008589,
            949, 0.006059644621451177,
            989, 2.4285722793500623e-04,
            998, 2.4287669070348544e-06,
            999, 2.4287669070348567e-09)
        .forEach((i, a) -> assertThat(cosine.alphaBar(i)).isCloseTo(a, relative(1e-10)));
    assertThat(cosine.alphaBarBefore(0)).isEqualTo(1);
  }

  @Test
  void linearBetasRunFromOneTenThousandthToTwoHundredths() {
    NoiseSchedule linear = NoiseSchedule.linear(1000);
    assertThat(linear.beta(0)).isCloseTo(1e-4, within(1e-18));
    assertThat(linear.beta(999)).isCloseTo(0.02, within(1e-17));
    assertThat(linear.beta(1) - linear.beta(0)).isCloseTo(0.0199 / 999, within(1e-15));
    assertThat(NoiseSchedule.linear(500).beta(0)).isCloseTo(2e-4, within(1e-17));
  }

  @Test
  void spacings() {
    int[] s64 = new Spacing("64").timesteps(999);
    assertThat(s64).hasSize(64).startsWith(0, 16, 32, 48, 63, 79, 95, 111, 127, 143, 159, 174, 190);
    assertThat(s64).endsWith(951, 967, 983, 999);
    int[] s100 = new Spacing("100").timesteps(999);
    assertThat(s100)
        .hasSize(100)
        .startsWith(0, 10, 20, 30, 40, 50, 61, 71)
        .endsWith(969, 979, 989, 999);
    assertThat(new Spacing("8").timesteps(999))
        .containsExactly(0, 143, 285, 428, 571, 714, 856, 999);
    assertThat(new Spacing("4").timesteps(999)).containsExactly(0, 333, 666, 999);
    assertThat(new Spacing("1").timesteps(999)).containsExactly(999);
    assertThat(new Spacing("3").timesteps(950)).containsExactly(0, 475, 950);
    assertThat(new Spacing("ddim50").timesteps(999)).hasSize(50).startsWith(0, 20).endsWith(980);
  }

  @Test
  void spacingsThatDoNotFitAreRefused() {
    assertThatThrownBy(() -> new Spacing("fast"))
        .hasMessage(
            "a spacing is a number of steps such as 64, or ddim and a number such as ddim50; got"
                + " 'fast'");
    assertThatThrownBy(() -> new Spacing("64").timesteps(50))
        .hasMessage("spacing 64: only 51 steps lie from 0 to the start 50");
    assertThatThrownBy(() -> new Spacing("ddim700").timesteps(999))
        .hasMessage("spacing ddim700: no whole stride cuts 1000 steps into exactly 700");
    assertThatThrownBy(() -> cosine.respaced(0, 5, 5)).hasMessageContaining("must rise");
    assertThatThrownBy(() -> NoiseSchedule.cosine(0)).hasMessageContaining("at least 1 step");
  }

  @Test
  void aRespacedScheduleKeepsTheNoiseLevels() {
    NoiseSchedule s = cosine.respaced(new Spacing("64").timesteps(999));
    assertThat(s.steps()).isEqualTo(64);
    assertThat(s.timestep(5)).isEqualTo(79);
    for (int i = 0; i < 64; i++)
      assertThat(s.alphaBar(i)).isCloseTo(cosine.alphaBar(s.timestep(i)), relative(1e-11));
    double[][] golden = {
      {0, 4.12842248e-05},
      {1, 1.32054987e-03},
      {2, 2.56348622e-03},
      {61, 0.5550947},
      {62, 0.74984452},
      {63, 0.99999609}
    };
    for (double[] g : golden) assertThat(s.beta((int) g[0])).isCloseTo(g[1], relative(1e-7));
    double[][] logVariance = {{0, -10.12577424}, {1, -10.12577424}, {2, -7.02413912}};
    for (double[] g : logVariance)
      assertThat(s.posteriorLogVariance((int) g[0])).isCloseTo(g[1], within(1e-7));
    double[][] clean = {{0, 1}, {1, 0.96970364}, {32, 0.06343754}, {63, 0.02493253}};
    for (double[] g : clean)
      assertThat(s.posteriorOfClean((int) g[0])).isCloseTo(g[1], within(1e-8));
    double[][] noisy = {{0, 0}, {1, 0.03029635}, {32, 0.93255761}, {63, 0.0019754}};
    for (double[] g : noisy)
      assertThat(s.posteriorOfNoisy((int) g[0])).isCloseTo(g[1], within(1e-8));
  }

  @Test
  void oneStepIsAScheduleToo() {
    NoiseSchedule one = cosine.respaced(999);
    assertThat(one.posteriorOfClean(0)).isCloseTo(1, within(1e-12));
    assertThat(one.posteriorOfNoisy(0)).isZero();
    assertThat(one.posteriorLogVariance(0)).isEqualTo(Math.log(one.beta(0)));
  }

  private static Percentage relative(double r) {
    return Percentage.withPercentage(100 * r);
  }
}
