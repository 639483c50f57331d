package retort.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.run.Json;
import tools.jackson.databind.JsonNode;

/// A row of Table 5 on the embedded images, from the first seed to the refusal of a stale one.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PaperTableTest {
  @TempDir static Path temp;

  private static Path out;

  private static Cli table(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("table", "5", "--scale=tiny", "--rows=r20", "--data=embedded", "--out=" + out));
    words.add("--set=teacher.model=resnet8");
    words.add("--set=student=wrn_16_1");
    words.addAll(List.of(more));
    return Cli.run(words.toArray());
  }

  private static JsonNode json(Path file) throws IOException {
    return Json.parse(Files.readString(file));
  }

  private static Path seed(int seed) {
    return out.resolve("table5/r20/tiny/seed-" + seed);
  }

  @BeforeAll
  static void first() {
    out = temp.resolve("tables");
    Cli cli = table("--methods=kd,plain", "--seeds=1");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.code()).isZero();
    assertThat(cli.out())
        .contains("Table 5: CIFAR-100, teacher and student of one family")
        .contains("Scale tiny: the first 5 training images of each class")
        .contains("r20  kd      student       70.66")
        .contains("./retort report " + out.resolve("table5/r20/tiny"));
  }

  @Test
  @Order(1)
  void aRunSaysWhereItsNumbersComeFrom() throws IOException {
    JsonNode manifest = json(seed(1).resolve("manifest.json"));
    assertThat(manifest.at("/command/0").asString()).isEqualTo("table");
    assertThat(manifest.at("/configuration/classic/epochs").asInt()).isEqualTo(1);
    assertThat(manifest.at("/configuration/paper/top1/kd").asDouble()).isEqualTo(70.66);
    assertThat(manifest.at("/teacherHash").asString()).hasSize(64);
    assertThat(manifest.at("/dataHash").asString()).hasSize(129);
    assertThat(manifest.at("/device").asString()).isEqualTo("cpu");
    assertThat(manifest.at("/machine/jvmFlags").isArray()).isTrue();
    assertThat(manifest.at("/code/commit").asString()).isNotBlank();
    assertThat(Files.readString(seed(1).resolve("recipe.yaml")))
        .containsPattern("rate: 0.0125 +# --scale tiny");
    JsonNode kd = json(seed(1).resolve("kd.outcome.json"));
    assertThat(kd.at("/readings/0/accuracy/total").asInt()).isEqualTo(20);
    assertThat(kd.at("/best/epoch").asInt()).isZero();
    assertThat(kd.at("/best/readings/0/accuracy/correct"))
        .isEqualTo(kd.at("/readings/0/accuracy/correct"));
  }

  @Test
  @Order(2)
  void whatIsThereIsNotRunAgain() throws IOException {
    FileTime before = Files.getLastModifiedTime(seed(1).resolve("kd.outcome.json"));
    Cli cli = table("--methods=plain,kd,gendd", "--seeds=3");
    assertThat(cli.err()).isEmpty();
    assertThat(Files.getLastModifiedTime(seed(1).resolve("kd.outcome.json"))).isEqualTo(before);
    assertThat(cli.out())
        .doesNotContain("teacher                epoch")
        .containsPattern("r20  plain +student +69.06 +\\d+\\.\\d\\d ± \\d+\\.\\d\\d")
        .containsPattern("r20  gendd +generated x5 +72.63")
        .contains("3 seeds: mean ± half of Student's 95 % interval.");
  }

  @Test
  @Order(3)
  void runsOfDifferentManifestsAreNotMixed() throws IOException {
    Cli other = table("--methods=kd", "--epochs=2", "--seeds=3");
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err())
        .contains("runs of different manifests don't go into one table: ")
        .contains("configuration.classic.epochs is '1' in one and '2' in the other")
        .contains(seed(1).toString());

    Path second = seed(2).resolve("manifest.json");
    String kept = Files.readString(second);
    Files.writeString(second, kept.replaceFirst("\"dataHash\" : \"..", "\"dataHash\" : \"zz"));
    Cli report =
        Cli.run("report", out.resolve("table5/r20/tiny"), "--out", temp.resolve("mixed.html"));
    assertThat(report.code()).isEqualTo(1);
    assertThat(report.err()).contains("dataHash is '", "seed-1 and ", "seed-2");
    assertThat(temp.resolve("mixed.html")).doesNotExist();
    Files.writeString(second, kept);
  }

  @Test
  @Order(4)
  void theReportHasTheTableAndTheCurves() throws IOException {
    Path page = temp.resolve("report.html");
    Cli report = Cli.run("report", out.resolve("table5/r20/tiny"), "--out", page);
    assertThat(report.err()).isEmpty();
    assertThat(Files.readString(page))
        .contains("generated x5", "72.63", "Cost and accuracy", "Training loss", "--scale tiny")
        .doesNotContain("<script");

    Path each = temp.resolve("each.html");
    assertThat(Cli.run("report", seed(1), seed(2), "--out", each).err()).isEmpty();
    assertThat(Files.readString(each)).contains("<td>seed-1</td>", "<td>seed-2</td>");
  }

  @Test
  void theDryRunNamesCommandCostAndTime() {
    Cli cli = table("--methods=kd,gendd", "--dry-run", "--seeds=2", "--epochs=3");
    assertThat(cli.err()).isEmpty();
    assertThat(cli.out())
        .contains("r20: ./retort table 5 --rows r20 --scale tiny --epochs 3 --seeds 2 --data")
        .containsPattern("r20 +kd +[\\d.]+ M +0\\.\\d+ GB +(\\d+ s|\\d+:\\d\\d)")
        .containsPattern("r20 +gendd +[\\d.]+ M")
        .containsPattern("teacher +resnet8")
        .containsPattern("measuring resnet8 to wrn_16_1 by kl .*: [\\d.]+ billion")
        .containsPattern("in all .+ on cpu");
  }

  @Test
  void wrongOptionsAreRefused() {
    assertThat(Cli.run("table", "7").err()).contains("there is no table '7'");
    assertThat(Cli.run("table", "5", "--scale=huge").err()).contains("--scale").contains("huge");
    assertThat(Cli.run("table", "5", "--seeds=0").err()).contains("--seeds must be at least 1");
    assertThat(table("--methods=kdd").err()).contains("did you mean 'dkd'?");
    assertThat(Cli.run("report", temp.resolve("none")).err()).contains("there is no such run");
    assertThat(Cli.run("report", temp).err()).contains("neither manifest.json nor folders");
    assertThat(Cli.run("table", "--help").out()).contains("tiny: the first 5 training images");
  }
}
