package retort.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import retort.experiments.run.Accuracy;
import retort.experiments.run.Json;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Best;
import retort.experiments.run.Outcome.Epoch;
import retort.experiments.run.Outcome.Reading;

class SummaryTest {
  private static final List<Reading> READINGS =
      List.of(
          new Reading(
              "generated features, 5 samples",
              Accuracy.of(900, 1000),
              0.99,
              Map.of(),
              1_400_000,
              1_235_000_000),
          new Reading("backbone", Accuracy.of(890, 1000), 0.98, Map.of(), 77_850, 12_500_000));

  private static final Outcome GENDD =
      new Outcome(
          "gendd",
          "resnet8",
          READINGS,
          new Best(1, READINGS),
          61.4,
          List.of(
              new Epoch(0, Map.of("loss", 2.0, "mse", 1.5), 0.5, 30),
              new Epoch(1, Map.of("loss", 1.0, "mse", 0.9), 0.8, 31)));

  private final Summary summary = new Summary(List.of(GENDD));

  @Test
  void hasARowForEachWayOfReadingTheAnswers() {
    assertThat(summary.table().rows())
        .containsExactly(
            List.of(
                "gendd",
                "resnet8",
                "generated features, 5 samples",
                "90.0 % [88.0, 91.7]",
                "1,400,000",
                "1.24 G",
                "61 s"),
            List.of(
                "gendd", "resnet8", "backbone", "89.0 % [86.9, 90.8]", "77,850", "12.5 M", "61 s"));
  }

  @Test
  void drawsAccuraciesAndCurves() {
    assertThat(summary.accuracies()).contains("gendd, backbone").contains("89.0 % [86.9, 90.8]");
    assertThat(summary.validation()).contains("gendd: epoch 2, accuracy, % 80");
    assertThat(summary.losses()).contains("gendd: epoch 1, loss 2");
  }

  @Test
  void saysCountsAsPeopleDo() {
    assertThat(
            List.of(950L, 9_999L, 12_345L, 999_499L, 1_000_000L, 161_800_000L).stream()
                .map(Summary::count))
        .containsExactly("950", "9,999", "12.3 k", "999 k", "1.00 M", "162 M");
  }

  @Test
  void goesThroughJsonUnchanged() {
    assertThat(Json.parse(Json.line(GENDD), Outcome.class)).isEqualTo(GENDD);
  }
}
