package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class InputsTest {
  @Test
  void textIsReplayedToTheBit() {
    Inputs inputs = Inputs.parse("2x3, 3x4:positive, scalar, 0x3");
    assertThat(inputs).hasToString("2x3, 3x4:positive, scalar, 0x3");
    NdArray[] first = inputs.draw(7);
    NdArray[] again = Inputs.parse(inputs.toString()).draw(7);
    for (int i = 0; i < first.length; i++) {
      assertThat(again[i].data()).containsExactly(first[i].data());
    }
    assertThat(first[2].shape()).isEmpty();
    assertThat(first[3].size()).isZero();
    assertThat(inputs.draw(8)[0].data()).isNotEqualTo(first[0].data());
  }

  @Test
  void drawsKeepTheirPromise() {
    for (double v : drawn(Draw.POSITIVE)) {
      assertThat(v).isBetween(0.1, 2.1);
    }
    for (double v : drawn(Draw.UNIT)) {
      assertThat(v).isBetween(0.05, 0.95);
    }
    assertThat(DoubleStream.of(drawn(Draw.TIES)).distinct().count()).isEqualTo(3);
    assertThat(DoubleStream.of(drawn(Draw.LARGE)).map(Math::abs).max().orElse(0))
        .isGreaterThan(500);
    assertThat(DoubleStream.of(drawn(Draw.SMALL)).map(Math::abs).max().orElse(1)).isLessThan(0.01);
    double[] rows = drawn(Draw.SIMPLEX);
    assertThat(DoubleStream.of(rows).limit(6).sum()).isEqualTo(1, offset(1e-12));
    double[] apart = drawn(Draw.DISTINCT).clone();
    Arrays.sort(apart);
    for (int i = 1; i < apart.length; i++) {
      assertThat(apart[i] - apart[i - 1]).isGreaterThanOrEqualTo(0.1);
      assertThat(Math.abs(apart[i])).isGreaterThan(0.04);
    }
  }

  @Test
  void everyBroadcastPatternIsListedOnce() {
    assertThat(Inputs.broadcasts("2x3"))
        .contains("2x3, 2x3", "2x3, 1x3", "2x3, 3", "2x3, scalar", "2x1, 1x3", "3, 2x1", "1, 2x3")
        .doesNotHaveDuplicates()
        .doesNotContain("1x3, 1x3");
  }

  @Test
  void edgesHaveUnitAndEmptyAxes() {
    assertThat(Inputs.edges("2x3"))
        .contains("2x3", "1x3", "2x1", "0x3", "2x0", "2x3:ties", "2x3:large", "2x3:mixed");
  }

  private static double[] drawn(Draw draw) {
    return draw.draw(new SplittableRandom(1), 10, 6).data();
  }
}
