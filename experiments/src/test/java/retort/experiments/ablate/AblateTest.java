package retort.experiments.ablate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.run.Json;
import tools.jackson.databind.JsonNode;

/// Every ablation at a size of moments: that it runs, goes on, and reports what it should. What the
/// numbers mean is not for so few images to say.
class AblateTest {
  @TempDir static Path temp;

  private static Path first;

  /// Few images, few steps, a head of width 8; the teacher and the schooled student of the first
  /// run serve the others.
  private static Cli small(Path folder, Object... words) {
    List<Object> all = new ArrayList<>(List.of(words));
    for (String set :
        List.of(
            "pair.teacher=resnet8",
            "pair.teaching.epochs=1",
            "pair.teaching.batch=16",
            "pair.teaching.warm-up=0",
            "pair.schooling.training.epochs=1",
            "pair.schooling.training.batch=16",
            "pair.schooling.training.warm-up=0",
            "training.epochs=1",
            "gendd.width=8",
            "gendd.draws=1",
            "gendd.sampling.spacing.text=2")) all.add("--set=" + set);
    all.addAll(List.of("--out", folder));
    return Cli.small(all.toArray());
  }

  private static JsonNode results(Path folder) throws IOException {
    return Json.parse(Files.readString(folder.resolve("results.json")));
  }

  @BeforeAll
  static void tokens() {
    first = temp.resolve("tokens");
    Cli run =
        small(
            first,
            "ablate",
            "tokens",
            "--set=seeds=2",
            "--set=tokens=[32, 64]",
            "--set=widths=[8]",
            "--set=predictions=[noise,clean]");
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("floor 1 - w/d").contains("0.875").contains("report.html");
  }

  private static Path teacher() {
    return first.resolve("teacher.safetensors");
  }

  @Test
  void tokensComparesLossAndFloorOverSeedsAndGoesOn() throws IOException {
    JsonNode r = results(first);
    assertThat(r.at("/cells").size()).isEqualTo(8);
    assertThat(r.at("/cells/0/varied/token").asString()).isEqualTo("32");
    assertThat(r.at("/cells/0/losses/mse").asDouble()).isBetween(0.5, 1.5);
    assertThat(r.at("/manifest/command/1").asString()).isEqualTo("tokens");
    assertThat(r.at("/findings/0").asString()).contains("floor");
    assertThat(Files.readString(first.resolve("report.html")))
        .contains("Split tokens")
        .contains("<svg")
        .contains("stands still")
        .doesNotContain("<script");
    try (var files = Files.list(first)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains("schooling.safetensors", "cells.jsonl")
          .noneMatch(f -> f.startsWith("32-8"));
    }
    // A finished run that is resumed trains nothing and says the same.
    Cli again = Cli.run("ablate", "tokens", "--resume", "--out", first);
    assertThat(again.err()).isEmpty();
    assertThat(again.out()).doesNotContain("epoch 1/1");
    assertThat(results(first).at("/cells")).isEqualTo(r.at("/cells"));
  }

  @Test
  void stepsTriesEverySamplerAndClassifiersThatGenerateNothing() throws IOException {
    Path folder = temp.resolve("steps");
    Cli run =
        small(
            folder,
            "ablate",
            "steps",
            "--teacher",
            teacher(),
            "--set=seeds=1",
            "--set=steps=[1,2,64]",
            "--set=averaged=[2]",
            "--set=guarded=2",
            "--set=probe.epochs=1",
            "--set=probe.batch=16");
    assertThat(run.err()).isEmpty();
    JsonNode cells = results(folder).at("/cells");
    assertThat(cells.findValuesAsString("predicts"))
        .containsExactly(
            "teacher",
            "schooling",
            "linear probe",
            "noise",
            "clean",
            "velocity",
            "flow",
            "meanflow");
    assertThat(cells.findValuesAsString("sampler"))
        .contains("ancestral", "ddim", "mean", "euler", "heun", "meanflow");
    JsonNode noise = cells.get(3).at("/answers");
    JsonNode one = noise.get(2), many = noise.get(5);
    assertThat(one.at("/evaluations").asInt()).isEqualTo(2);
    assertThat(many.at("/evaluations").asInt()).isEqualTo(128);
    assertThat(many.at("/macs").asLong()).isGreaterThan(one.at("/macs").asLong());
    assertThat(one.at("/spread").asDouble()).isPositive();
    assertThat(one.at("/millis").asDouble()).isPositive();
    assertThat(run.out()).contains("one step of ancestral with a head for clean");
    assertThat(run.out()).contains("of the sampling's MACs");
  }

  @Test
  void lambdaTrainsWithoutContractionOnce() throws IOException {
    Path folder = temp.resolve("lambda");
    Cli run =
        small(
            folder,
            "ablate",
            "lambda",
            "--teacher",
            teacher(),
            "--set=seeds=1",
            "--set=lambdas=[0,1]");
    assertThat(run.err()).isEmpty();
    JsonNode cells = results(folder).at("/cells");
    assertThat(cells.findValuesAsString("centre"))
        .containsExactly("weight-row", "weight-row", "normalised-row", "class-mean");
    assertThat(run.out()).contains("are classified best").contains("class-mean");
  }

  @Test
  void imbalanceTellsClassesByTheirTrainingImages() throws IOException {
    Path folder = temp.resolve("imbalance");
    Cli run =
        small(
            folder,
            "ablate",
            "imbalance",
            "--data=embedded",
            "--teacher",
            teacher(),
            "--set=seeds=1",
            "--set=factor=2");
    assertThat(run.err()).isEmpty();
    JsonNode cells = results(folder).at("/cells");
    assertThat(cells.findValuesAsString("centre"))
        .containsExactly("none", "weight-row", "normalised-row", "class-mean");
    assertThat(cells.at("/0/answers/0/shots").size()).isEqualTo(3);
    assertThat(run.out()).contains("few").contains("Contraction to normalised-row centres changes");
  }

  @Test
  void controlTrainsBodiesUnderOneRecipe() throws IOException {
    Path folder = temp.resolve("control");
    Cli run =
        small(
            folder,
            "ablate",
            "control",
            "--teacher",
            teacher(),
            "--set=seeds=2",
            "--set=lambdas=[0.9]",
            "--set=methods=[plain,regression]");
    assertThat(run.err()).isEmpty();
    JsonNode cells = results(folder).at("/cells");
    assertThat(cells.size()).isEqualTo(6);
    assertThat(run.out())
        .contains("The student's own classifier: regression minus plain is")
        .contains("generated x5 minus its own body's classifier is");
  }

  @Test
  void theoremHoldsToRoundingOnATrainedTeacher() throws IOException {
    Path folder = temp.resolve("theorem"), json = temp.resolve("t.json");
    Cli run =
        small(
            folder,
            "theorem",
            "--teacher",
            teacher(),
            "--json",
            json,
            "--set=steps=[10,900]",
            "--set=batches=1",
            "--set=batch=10",
            "--set=lambdas=[0.3,0.9]");
    assertThat(run.err()).isEmpty();
    JsonNode r = Json.parse(Files.readString(json));
    assertThat(r.at("/identities").size()).isEqualTo(6);
    for (JsonNode i : r.at("/identities")) {
      assertThat(i.at("/residual").asDouble()).as(i.toString()).isLessThan(1e-12);
      assertThat(i.at("/cases").asInt()).isPositive();
    }
    for (JsonNode c : r.at("/corrected")) assertThat(c.at("/mismatches").asInt()).isZero();
    JsonNode scaled = r.at("/bySteps/0/with/SCALED");
    assertThat(scaled.at("/feature").asDouble()).isBetween(-1.0, 1.0);
    assertThat(scaled.at("/head").asDouble()).isBetween(-1.0, 1.0);
    assertThat(scaled.at("/body").asDouble()).isBetween(-1.0, 1.0);
    assertThat(Files.readString(folder.resolve("report.html"))).contains("What is exact");
  }

  @Test
  void thePapersScalesAreWholeRecipesThatWantTheirData() {
    for (String name : List.of("tokens", "lambda", "steps", "imbalance", "control")) {
      Cli run = Cli.run("ablate", name, "--scale=paper", "--data", temp.resolve("absent.tar.gz"));
      assertThat(run.code()).as(name).isEqualTo(1);
      assertThat(run.err()).as(name).contains("absent.tar.gz").contains("cifar-100-binary.tar.gz");
    }
  }

  @Test
  void whatCannotBeIsRefusedBeforeAnythingIsTrained() {
    Cli none = Cli.run("ablate");
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err())
        .contains("say what to ablate; one of: tokens, lambda, steps, imbalance, control");
    Cli token = Cli.run("ablate", "tokens", "--set=tokens=[7]", "--out", temp.resolve("no"));
    assertThat(token.err()).contains("tokens of 7 don't divide a teacher feature of 64");
    Cli flow =
        Cli.run(
            "theorem",
            "--set=gendd.predict=flow",
            "--set=gendd.sampling.sampler=euler",
            "--out",
            temp.resolve("no"));
    assertThat(flow.err()).contains("gendd.predict must be noise, clean or velocity, got flow");
    assertThat(temp.resolve("no")).doesNotExist();
  }
}
