package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static retort.tensor.gradcheck.Gradients.assertThatGradient;

import java.util.ArrayList;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// A kit that cries wolf isn't used: 200 right functions, a third of them drawn at exact ties and
/// zeros, some at large and small values, pass in each mode.
class FalseAlarmTest {
  private static final Draw[] DRAWS = {
    Draw.NORMAL,
    Draw.TIES,
    Draw.DISTINCT,
    Draw.TIES,
    Draw.SMALL,
    Draw.LARGE,
    Draw.MIXED,
    Draw.TIES,
    Draw.UNIT,
    Draw.POSITIVE
  };

  @Test
  void twoHundredRightFunctionsPass() {
    assertThat(alarms(Mode.JACOBIAN)).isEmpty();
  }

  @Test
  void andAlongRandomDirections() {
    assertThat(alarms(Mode.DIRECTION)).isEmpty();
  }

  private static ArrayList<String> alarms(Mode mode) {
    var alarms = new ArrayList<String>();
    int kinks = 0;
    for (int seed = 0; seed < 200; seed++) {
      Draw draw = DRAWS[seed % DRAWS.length];
      var random = new SplittableRandom(seed);
      int n = random.nextInt(1, 9);
      boolean wild = draw == Draw.LARGE || draw == Draw.MIXED;
      RandomFunction f = RandomFunction.draw(random, n, wild);
      GradientReport report =
          assertThatGradient(f).at(n + ":" + draw.name()).seed(seed).mode(mode).check();
      kinks += report.kinks();
      if (!report.passed()) {
        alarms.add("seed " + seed + ": " + f.stages() + " " + report);
      }
    }
    assertThat(kinks).as("coordinates met on a kink").isGreaterThan(50);
    return alarms;
  }
}
