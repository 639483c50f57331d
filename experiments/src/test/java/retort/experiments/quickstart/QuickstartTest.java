package retort.experiments.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.run.Json;
import retort.experiments.run.RunFolder;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Run;
import retort.experiments.train.Trainer;
import retort.tensor.Device;
import tools.jackson.databind.JsonNode;

/// The main job on a few images: what it leaves, and that neither threads nor interruptions show in
/// its numbers.
class QuickstartTest {
  private static final List<String> SMALL =
      List.of(
          "data.per-class=5",
          "data.test-per-class=2",
          "data.validation=0.2",
          "teacher.model=resnet8",
          "teacher.training.epochs=1",
          "teacher.training.batch=16",
          "teacher.training.warm-up=0",
          "classic.batch=16",
          "first-stage.batch=16",
          "generative.batch=16",
          "gendd.width=16",
          "gendd.sampling.spacing.text=4",
          "pictured=10");

  @TempDir static Path temp;

  private static JsonNode whole;

  @BeforeAll
  static void run() throws Exception {
    List<Object> args = new ArrayList<>(List.of("quickstart", "--budget=tiny", "--threads=2"));
    args.addAll(List.of("--out", temp.resolve("whole")));
    SMALL.forEach(value -> args.add("--set=" + value));
    Cli cli = Cli.run(args.toArray());
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    assertThat(cli.out()).contains("teacher").contains("accuracy [95 %]").contains("report.html");
    whole = results("whole");
  }

  private static JsonNode results(String folder) throws Exception {
    return Json.parse(Files.readString(temp.resolve(folder).resolve("results.json")));
  }

  /// Runs until it is stopped or done, whichever comes first.
  private static void runOn(String folder, boolean resume, int threads, BooleanSupplier stop) {
    Path path = temp.resolve(folder);
    Recipe recipe = RecipeFolder.read("quickstart-tiny");
    for (String value : SMALL) {
      recipe = recipe.with(value.split("=")[0], value.split("=")[1], "test");
    }
    PrintWriter out = new PrintWriter(new StringWriter());
    Session.of(recipe.as(Plan.class))
        .accept(
            new Run(
                List.of("quickstart"),
                resume ? RunFolder.resume(path) : RunFolder.create(path),
                recipe.resolved(),
                Device.cpu(threads),
                new Progress(out, 0),
                stop,
                out));
  }

  /// Everything of the outcomes but the time they took.
  private static String numbers(JsonNode results) {
    return results.at("/outcomes").toString().replaceAll("\"(trainingS|s)econds\":[^,}]*", "");
  }

  @Test
  void leavesResultsLogCheckpointsAndAReport() throws Exception {
    assertThat(whole.at("/outcomes").findValuesAsString("name"))
        .containsExactly("teacher", "plain", "kd", "gendd");
    for (JsonNode outcome : whole.at("/outcomes")) {
      assertThat(outcome.get("trainingSeconds").asDouble()).isPositive();
      for (JsonNode reading : outcome.get("readings")) {
        JsonNode a = reading.get("accuracy");
        assertThat(a.get("total").asInt()).isEqualTo(20);
        assertThat(a.get("value").asDouble())
            .isBetween(a.get("low").asDouble(), a.get("high").asDouble());
        assertThat(reading.get("parameters").asLong()).isGreaterThan(70_000);
        assertThat(reading.get("macs").asLong()).isGreaterThan(10_000_000);
      }
    }
    assertThat(whole.at("/outcomes/3/readings").findValuesAsString("by"))
        .containsExactly("student", "generated x1", "generated x5");
    JsonNode manifest = whole.get("manifest");
    assertThat(manifest.get("seed").asInt()).isEqualTo(1);
    assertThat(manifest.get("dataHash").asString()).hasSize(129);
    assertThat(manifest.at("/configuration/data/from").asString()).isEqualTo("embedded");
    assertThat(manifest.at("/machine/cores").asInt()).isPositive();
    assertThat(manifest.at("/code/version").asString()).isNotBlank();

    Path folder = temp.resolve("whole");
    assertThat(Files.readAllLines(folder.resolve("log.jsonl")))
        .hasSize(whole.at("/outcomes").findValues("losses").size() + 1); // and the first stage
    assertThat(folder.resolve("gendd.safetensors")).isNotEmptyFile();
    assertThat(Files.readString(folder.resolve("report.html")))
        .contains("<svg")
        .contains("Generation")
        .doesNotContain("http://cdn");
  }

  @Test
  void oneThreadGivesTheSameBits() throws Exception {
    runOn("one-thread", false, 1, () -> false);
    assertThat(numbers(results("one-thread"))).isEqualTo(numbers(whole));
  }

  @Test
  void interruptedAgainAndAgainItEndsAtTheSameBits() throws Exception {
    int stops = 0;
    for (boolean done = false; !done; stops++) {
      var steps = new AtomicInteger();
      try {
        runOn("stopped", stops > 0, 2, () -> steps.incrementAndGet() == 3);
        done = true;
      } catch (Trainer.Interrupted e) {
        assertThat(e).hasMessageContaining("stopped; saved in ");
      }
    }
    assertThat(stops).isGreaterThan(3);
    assertThat(numbers(results("stopped"))).isEqualTo(numbers(whole));
  }
}
