package retort.experiments.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Failure;

class RunFolderTest {
  @TempDir Path temp;

  record Settings(int epochs, double lambda) {}

  @Test
  void writesResultsAndManifestWhole() throws IOException {
    RunFolder run = RunFolder.create(temp.resolve("deep/run1"));
    Manifest.of(
            List.of("quickstart", "--seed", "7"), new Settings(3, 0.9), 7, "embedded", "abc", "cpu")
        .settle(run);
    run.writeResults(Map.of("teacher", Accuracy.of(9, 10)));

    assertThat(Json.parse(run.read("results.json")).at("/teacher/value").doubleValue())
        .isEqualTo(0.9);
    var manifest = Json.parse(run.read("manifest.json"));
    assertThat(manifest.at("/configuration/lambda").doubleValue()).isEqualTo(0.9);
    assertThat(manifest.at("/seed").intValue()).isEqualTo(7);
    assertThat(manifest.at("/machine/cores").intValue()).isPositive();
    assertThat(manifest.at("/machine/vectorBits").intValue()).isGreaterThanOrEqualTo(64);
    assertThat(manifest.at("/code/version").stringValue()).isNotBlank();
    try (var files = Files.list(run.path())) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("manifest.json", "results.json");
    }
  }

  @Test
  void overwritesNoFinishedRun() {
    RunFolder.create(temp).writeResults(Map.of());
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> RunFolder.create(temp))
        .satisfies(f ->
            assertThat(f.text())
                .contains("already holds a run")
                .contains("--out")
                .contains("--resume")
                .contains(temp.toString()));
    assertThat(RunFolder.resume(temp).read("results.json")).isEqualToIgnoringWhitespace("{}");
  }

  @Test
  void refusesAFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "mine");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> RunFolder.create(file))
        .satisfies(
            f -> assertThat(f.text()).contains("the run folder is a file").contains("--out"));
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> RunFolder.create(file.resolve("run")))
        .satisfies(f -> assertThat(f.text()).contains("cannot write here").contains("--out"));
    assertThat(file).hasContent("mine");
  }

  @Test
  void saysWhereAFileCannotBeWritten() throws IOException {
    RunFolder run = RunFolder.create(temp.resolve("run"));
    Files.delete(run.path());
    Files.writeString(run.path(), "in the way");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> run.writeResults(Map.of()))
        .satisfies(f ->
            assertThat(f.text())
                .contains("cannot write here (a part of the path is a file)")
                .contains("results.json"));
    assertThat(run.path()).hasContent("in the way");
  }

  @Test
  void saysThatTheDiskIsFull() {
    Failure full =
        RunFolder.unwritable(
            temp, new IOException("cannot write x", new IOException("No space left on device")));
    assertThat(full.text())
        .contains("the disk is full; what was saved before is untouched")
        .contains("--resume");
  }

  @Test
  void refusesToResumeOrReadWhatIsNotThere() {
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> RunFolder.resume(temp.resolve("none")))
        .withMessage("there is no run to continue");
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> RunFolder.create(temp).read("results.json"))
        .withMessage("the run folder lacks results.json");
  }

  @Test
  void appendsToTheLogAndRewindsItToACheckpoint() throws IOException {
    RunFolder run = RunFolder.create(temp);
    try (RunLog log = run.log()) {
      for (int epoch = 0; epoch < 4; epoch++) log.append(Map.of("epoch", epoch));
    }
    Files.writeString(run.file("log.jsonl"), Files.readString(run.file("log.jsonl")) + "{\"epo");
    try (RunLog log = run.log()) {
      log.keep(entry -> entry.get("epoch").intValue() < 2);
      log.append(Map.of("epoch", 2));
      assertThat(log.entries()).extracting(e -> e.get("epoch").intValue()).containsExactly(0, 1, 2);
    }
  }
}
