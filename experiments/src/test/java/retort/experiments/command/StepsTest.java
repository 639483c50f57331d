package retort.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.run.Json;
import tools.jackson.databind.JsonNode;

/// The single steps one after the other, as a user takes them.
class StepsTest {
  @TempDir static Path temp;

  private static Path teacher;

  @BeforeAll
  static void teach() {
    Path folder = temp.resolve("teacher");
    Cli train =
        Cli.small("train", "fashion-teacher", "--model=resnet8", "--epochs=1", "--out", folder);
    assertThat(train.err()).isEmpty();
    assertThat(train.code()).isZero();
    teacher = folder.resolve("resnet8.safetensors");
    assertThat(train.out())
        .contains("epoch 1/1")
        .contains("accuracy [95 %]")
        .contains("resnet8.saf");
  }

  private static JsonNode results(Path folder) throws IOException {
    return Json.parse(Files.readString(folder.resolve("results.json")));
  }

  @Test
  void trainLeavesResultsAndACheckpointThatEvaluates() throws IOException {
    JsonNode r = results(teacher.getParent());
    assertThat(r.at("/manifest/command/0").asString()).isEqualTo("train");
    assertThat(r.at("/manifest/configuration/data/perClass").asInt()).isEqualTo(5);
    assertThat(r.at("/outcomes/0/name").asString()).isEqualTo("resnet8");
    assertThat(r.at("/outcomes/0/readings/0/accuracy/total").asInt()).isEqualTo(20);
    assertThat(r.at("/outcomes/0/epochs/0/losses/ce").asDouble()).isPositive();

    Cli evaluate = Cli.run("evaluate", teacher, "--model=resnet8");
    assertThat(evaluate.code()).isZero();
    assertThat(evaluate.out()).contains("resnet8    2000");
  }

  @Test
  void distillTakesTheTeacherAndTestsEveryWayOfAnswering() throws IOException {
    Path folder = temp.resolve("gendd");
    Cli distill =
        Cli.small(
            "distill",
            "fashion-gendd",
            "--epochs=1",
            "--set=teacher.model=resnet8",
            "--set=first-stage.epochs=1",
            "--set=first-stage.batch=16",
            "--set=options.width=16",
            "--set=options.steps=4",
            "--teacher",
            teacher,
            "--out",
            folder);
    assertThat(distill.err()).isEmpty();
    JsonNode readings = results(folder).at("/outcomes/0/readings");
    assertThat(readings.findValuesAsString("by"))
        .containsExactly("student", "generated x1", "generated x5");
    long one = readings.get(1).get("macs").asLong(), five = readings.get(2).get("macs").asLong();
    assertThat(five).isGreaterThan(one).isLessThan(5 * one);
    assertThat(Cli.run("evaluate", folder.resolve("gendd.safetensors"), "--model=resnet8").code())
        .isZero();
    // A finished run that is resumed trains nothing and says the same.
    JsonNode before = results(folder);
    assertThat(Cli.run("distill", "--resume", "--out", folder).code()).isZero();
    assertThat(results(folder).at("/outcomes")).isEqualTo(before.at("/outcomes"));
  }

  @Test
  void distillByAnotherMethodAndStudent() throws IOException {
    Path folder = temp.resolve("kd");
    Cli distill =
        Cli.small(
            "distill",
            "fashion-kd",
            "--epochs=1",
            "--student=wrn_16_1",
            "--set=teacher.model=resnet8",
            "--teacher",
            teacher,
            "--out",
            folder);
    assertThat(distill.err()).isEmpty();
    assertThat(results(folder).at("/outcomes/0/model").asString()).isEqualTo("wrn_16_1");
    assertThat(results(folder).at("/outcomes/0/epochs/0/losses/kd").asDouble()).isPositive();
  }
}
