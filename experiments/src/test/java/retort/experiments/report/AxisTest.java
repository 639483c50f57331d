package retort.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AxisTest {
  private static List<String> labels(Axis axis, int about) {
    return axis.marks(about).stream().map(mark -> axis.label(mark, about)).toList();
  }

  @Test
  void marksRoundValues() {
    assertThat(labels(Axis.between(0, 10, 0, 1), 5)).containsExactly("0", "2", "4", "6", "8", "10");
    assertThat(labels(Axis.between(-0.31, 0.32, 0, 1), 5)).containsExactly("-0.2", "0", "0.2");
    assertThat(labels(Axis.between(0, 2e6, 0, 1), 4))
        .containsExactly("0", "500k", "1M", "1.5M", "2M");
  }

  /// As of accuracies that are all 0.
  @Test
  void anAxisOfOneValueIsGivenRoom() {
    assertThat(labels(Axis.between(0, 0, 0, 1), 5))
        .containsExactly("0", "0.2", "0.4", "0.6", "0.8", "1");
  }

  @Test
  void marksPowersOfTenOnALogarithmicAxis() {
    assertThat(labels(Axis.over(DoubleStream.of(1, 1000), true, 0, 1), 5))
        .containsExactly("1", "10", "100", "1000");
    assertThat(labels(Axis.over(DoubleStream.of(0.01, 0.2), true, 0, 1), 5))
        .containsExactly("0.01", "0.02", "0.05", "0.1", "0.2");
  }

  @Test
  void placesValuesBetweenItsEnds() {
    assertThat(Axis.between(0, 10, 100, 0).place(2.5)).isEqualTo(75);
    Axis log = Axis.over(DoubleStream.of(1, 100), true, 0, 100);
    assertThat(log.place(10)).isCloseTo(50, within(1e-9));
    assertThat(log.shows(0)).isFalse();
  }
}
