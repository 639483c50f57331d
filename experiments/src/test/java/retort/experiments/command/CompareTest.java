package retort.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.run.Json;
import retort.experiments.train.Comparison;
import retort.experiments.train.Curriculum;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Lesson;
import retort.experiments.train.Training;
import tools.jackson.databind.JsonNode;

/// Every method on one pair in one command, on ten classes of five images.
class CompareTest {
  private static final List<String> SMALL =
      List.of(
          "--data=embedded",
          "--epochs=1",
          "--student=resnet8",
          "--set=teacher.model=resnet8",
          "--set=data.per-class=5",
          "--set=data.test-per-class=2",
          "--set=data.validation=0.2",
          "--set=teacher.training.batch=20",
          "--set=classic.batch=20",
          "--set=first-stage.batch=20",
          "--set=generative.batch=20",
          "--set=probe.batch=20",
          "--set=options.gendd.width=8",
          "--set=options.gendd.steps=2",
          "--set=options.gendd-unlabelled.width=8",
          "--set=options.gendd-unlabelled.steps=2");

  @TempDir static Path temp;

  private static Path all;
  private static Cli first;

  @BeforeAll
  static void everyMethod() {
    all = temp.resolve("all");
    first = compare(all, "--set=options.crd.negatives=8");
  }

  private static Cli compare(Path folder, String... more) {
    List<Object> args = new ArrayList<>(List.of("compare"));
    args.addAll(SMALL);
    args.addAll(List.of(more));
    args.addAll(List.of("--out", folder));
    return Cli.run(args.toArray());
  }

  private static JsonNode outcomes(Path folder) throws IOException {
    return Json.parse(Files.readString(folder.resolve("results.json"))).at("/outcomes");
  }

  @Test
  void everyMethodAndControlIsARowOfTheTable() throws IOException {
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    List<String> names = new ArrayList<>(List.of("teacher"));
    names.addAll(Curriculum.names());
    assertThat(outcomes(all).findValuesAsString("name")).isEqualTo(names);
    for (JsonNode outcome : outcomes(all)) {
      assertThat(outcome.at("/epochs/0/losses/loss").asDouble()).isFinite();
      // To make a method may cost something; to ask a student costs what the student costs.
      JsonNode own = outcome.at("/readings/0");
      assertThat(own.get("macs").asLong())
          .isEqualTo(outcomes(all).at("/0/readings/0/macs").asLong());
    }
    assertThat(first.out()).contains("plain-control").contains("generated x5");
  }

  @Test
  void whatIsFinishedIsNotRepeated() throws IOException {
    for (String file :
        List.of("kd.outcome.json", "kd.safetensors", "kd-best.safetensors", "results.json"))
      Files.delete(all.resolve(file));
    Map<Path, FileTime> before = checkpoints();
    Cli again = Cli.run("compare", "--resume", "--out", all);
    assertThat(again.code()).isZero();
    assertThat(again.out()).contains("testing kd").doesNotContain("testing plain", "testing gendd");
    Map<Path, FileTime> after = checkpoints();
    assertThat(after).containsKey(all.resolve("kd.safetensors")).containsAllEntriesOf(before);
    assertThat(outcomes(all).findValuesAsString("name")).hasSize(1 + Curriculum.names().size());
  }

  private static Map<Path, FileTime> checkpoints() throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (var files = Files.newDirectoryStream(all, "*.safetensors")) {
      for (Path file : files) times.put(file, Files.getLastModifiedTime(file));
    }
    return times;
  }

  @Test
  void aTrainingThatFailsDoesNotKeepTheOthersFromTheirs() throws IOException {
    Path folder = temp.resolve("failing");
    Cli cli = compare(folder, "--methods=kd,plain", "--set=options.kd.kd=1e300");
    assertThat(cli.code()).isEqualTo(1);
    assertThat(cli.err()).contains("1 of 2 trainings failed: the loss is no longer a number");
    assertThat(outcomes(folder).findValuesAsString("name")).containsExactly("teacher", "plain");
  }

  @Test
  void aTeacherThatIsThereIsNotTrained() throws IOException {
    Path folder = temp.resolve("taught");
    Cli cli = compare(folder, "--methods=kd", "--teacher=" + all.resolve("teacher.safetensors"));
    assertThat(cli.err()).isEmpty();
    assertThat(outcomes(folder).findValuesAsString("name")).containsExactly("kd");
  }

  @Test
  void whatDoesNotFitIsLeftOutOfAllAndRefusedByName() {
    Images images = Images.open(Data.of(Images.EMBEDDED, 0.2, 5, 2, false));
    Training brief = Training.sgd(1, 20, 0.1);
    var curriculum =
        new Curriculum(
            brief,
            brief,
            brief,
            brief,
            Map.of(),
            Map.of("gendd", Map.of("width", 8.0), "gendd-unlabelled", Map.of("token", 48.0)),
            Optional.empty());
    var pair = new Lesson.Pair("resnet8", "mobilenetv2");
    var every = new Comparison(images, pair, curriculum, List.of("all"));
    assertThat(every.leftOut().keySet()).contains("at", "ofd", "reviewkd", "gendd-unlabelled");
    assertThat(every.leftOut().get("at")).contains("choose nets of one family");
    assertThat(every.names()).contains("kd", "crd", "gendd").doesNotContain("at");
    assertThatThrownBy(() -> new Comparison(images, pair, curriculum, List.of("kd", "at")))
        .hasMessageContaining("at compares maps stage by stage");
    assertThatThrownBy(() -> new Comparison(images, pair, curriculum, List.of("probe", "gendd")))
        .hasMessageContaining("put gendd before probe");
    assertThatThrownBy(() -> new Comparison(images, pair, curriculum, List.of("kd-controll")))
        .hasMessageContaining("did you mean 'kd-control'?");
  }

  @Test
  void aProbeBeginsWithTheStudentItIsGiven() throws IOException {
    Path folder = temp.resolve("probe");
    Cli cli =
        Cli.small(
            "distill",
            "fashion-kd",
            "--epochs=1",
            "--set=method=probe",
            "--set=teacher.model=resnet8",
            "--teacher",
            all.resolve("teacher.safetensors"),
            "--from",
            all.resolve("plain.safetensors"),
            "--out",
            folder);
    assertThat(cli.err()).isEmpty();
    assertThat(outcomes(folder).at("/0/readings/0/by").asString()).isEqualTo("probe");
    Cli missing =
        Cli.small(
            "distill",
            "fashion-kd",
            "--from=none.safetensors",
            "--teacher",
            all.resolve("teacher.safetensors"),
            "--set=teacher.model=resnet8");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("none.safetensors");
  }
}
