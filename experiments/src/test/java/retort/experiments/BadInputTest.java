package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.recipe.RecipeFolder;

/// What users get wrong, and disks and numbers: each ends in one message and an exit code, and
/// leaves alone what was saved.
class BadInputTest {
  @TempDir static Path temp;

  private static Path resnet8;

  @BeforeAll
  static void teach() {
    Path folder = temp.resolve("teacher");
    assertThat(Cli.small("train", "--model=resnet8", "--epochs=1", "--out", folder).code())
        .isZero();
    resnet8 = folder.resolve("resnet8.safetensors");
  }

  private static void refused(Cli cli, int code, String... parts) {
    assertThat(cli.err()).startsWith("retort: ").contains(parts).doesNotContain("\tat ");
    assertThat(cli.code()).isEqualTo(code);
  }

  private static Path out() throws IOException {
    return Files.createTempDirectory(temp, "run").resolve("out");
  }

  @Test
  void anUnknownOptionOrRecipe() {
    refused(
        Cli.run("train", "--modle=resnet8"),
        2,
        "unknown option '--modle'; did you mean '--model'?");
    refused(Cli.run("train"), 2, "name a recipe: one of ", "fashion-teacher");
    refused(
        Cli.run("train", "fashion-teecher"),
        1,
        "no such recipe; did you mean 'fashion-teacher'?",
        "recipes in that folder: ");
    refused(
        Cli.run("train", "--model=resnet9"), 1, "there is no backbone 'resnet9'", "did you mean");
  }

  @Test
  void anUnknownRecipeKeyIsNamedWithItsLine() throws IOException {
    Path recipe = Files.writeString(temp.resolve("mine.yaml"), "seed: 1\nmodle: resnet8\n");
    refused(
        Cli.run("train", recipe),
        1,
        "mine.yaml:2:1: unknown key 'modle'; did you mean 'model'?",
        "missing key 'training'");
    refused(
        Cli.run("train", "--model=resnet8", "--set=training.rte=1"),
        1,
        "--set training.rte: unknown key 'rte' in training; did you mean 'rate'?");
    refused(
        Cli.run("distill", "fashion-kd", "--set=method=kdd", "--teacher", resnet8),
        1,
        "there is no method 'kdd'");
  }

  @Test
  void missingData() throws IOException {
    Path none = temp.resolve("cifar-100-binary.tar.gz");
    Path out = out();
    refused(
        Cli.run("train", "--model=resnet8", "--data", none, "--out", out),
        1,
        "no " + none,
        "cifar-100-binary.tar.gz   168,513,733 bytes  md5",
        "remedy: name whole data with --data");
    assertThat(out).doesNotExist();
    Path empty = Files.createDirectory(temp.resolve("empty"));
    refused(
        Cli.run("train", "--model=resnet8", "--data", empty, "--out", out()),
        1,
        "train-images-idx3-ubyte[.gz]");
  }

  @Test
  void truncatedData() throws IOException {
    Path idx = Files.createDirectory(temp.resolve("idx"));
    for (String name :
        List.of("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1")) {
      Files.write(idx.resolve(name + "-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 9, 1, 2});
    }
    refused(
        Cli.run("train", "--model=resnet8", "--data", idx, "--out", out()),
        1,
        "truncated: shape [9] needs 9 bytes, there are 2",
        "where:  " + idx);

    Path archive = temp.resolve("cut.tar.gz");
    try (OutputStream zip = new GZIPOutputStream(Files.newOutputStream(archive))) {
      zip.write(new byte[100]);
    }
    refused(
        Cli.run("train", "--model=resnet8", "--data", archive, "--out", out()),
        1,
        "where:  " + archive);

    Path records = Files.write(temp.resolve("records.bin"), new byte[5000]);
    refused(
        Cli.run("evaluate", resnet8, "--model=resnet8", "--data", records),
        1,
        "truncated: 5000 bytes are no whole number of records of 3073");
  }

  @Test
  void imagesOfAnotherShape() throws IOException {
    Path records = Files.write(temp.resolve("one.bin"), new byte[3073]);
    refused(
        Cli.run("evaluate", resnet8, "--model=resnet8", "--data", records),
        1,
        "conv1.weight is [16, 3, 3, 1] in the file, [16, 3, 3, 3] here");
  }

  @Test
  void aValidationShareThatLeavesNothing() throws IOException {
    Path out = out();
    refused(
        Cli.run(
            "train",
            "fashion-teacher",
            "--set=data.per-class=1",
            "--set=data.test-per-class=1",
            "--set=data.validation=0.01",
            "--out",
            out),
        1,
        "the validation share 0.01 leaves 10 training, 0 validation and 10 test images",
        "choose a share that leaves each some: --set data.validation=SHARE");
    assertThat(out).doesNotExist();
  }

  @Test
  void aCheckpointThatIsNotThereOrOfAnotherModelOrDamaged() throws IOException {
    Path out = out();
    Path missing = Path.of("runs", "none", "resnet20.safetensors");
    refused(
        Cli.run("distill", "fashion-kd", "--teacher", missing, "--out", out),
        1,
        "there is no teacher yet",
        "train it: ./retort train fashion-teacher --out runs/none");
    refused(
        Cli.run("distill", "fashion-kd", "--teacher", resnet8, "--out", out),
        1,
        "a checkpoint of another model than resnet20",
        "missing: layer1.1.conv1.weight");
    assertThat(out).doesNotExist();
    refused(
        Cli.run("evaluate", resnet8, "--model=resnet20"),
        1,
        "a checkpoint of another model than resnet20");
    byte[] bytes = Files.readAllBytes(resnet8);
    Path cut = Files.write(temp.resolve("cut.safetensors"), Arrays.copyOf(bytes, 9999));
    refused(Cli.run("evaluate", cut, "--model=resnet8"), 1, "where:  " + cut);
  }

  @Test
  void tokensThatDoNotDivideTheFeatureAreRefusedBeforeAnythingIsTrained() throws IOException {
    Path out = out();
    refused(
        Cli.small(
            "distill",
            "fashion-gendd",
            "--set=teacher.model=resnet8",
            "--set=options.token=24",
            "--teacher",
            resnet8,
            "--out",
            out),
        1,
        "tokens of 24 don't divide a teacher feature of 64; these do: 1, 2, 4, 8, 16, 32, 64");
    assertThat(out).doesNotExist();
  }

  @Test
  void aLossThatIsNoNumber() throws IOException {
    refused(
        Cli.small("train", "--model=resnet8", "--set=training.rate=1e30", "--out", out()),
        1,
        "the loss is no longer a number in epoch 1, step ",
        "was not written yet",
        "lower the learning rate (it is ");
  }

  @Test
  void aFolderThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "mine");
    refused(
        Cli.small("train", "--model=resnet8", "--out", file.resolve("run")),
        1,
        "cannot write here (a part of the path is a file)",
        "choose a folder you may write to with --out");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aRunIsNeitherOverwrittenNorResumedAsAnother() throws IOException {
    Path folder = resnet8.getParent();
    byte[] before = Files.readAllBytes(resnet8);
    refused(
        Cli.small("train", "--model=resnet8", "--out", folder),
        1,
        "the folder already holds a run");
    refused(Cli.run("train", "--resume", "--epochs=9", "--out", folder), 2, "leave out --epochs");
    refused(Cli.run("train", "--resume", "--out", out()), 1, "there is no run to continue");
    assertThat(resnet8).hasBinaryContent(before);
  }

  /// On a disk of one MiB, in a name space of its own, the checkpoint after the second epoch has no
  /// room beside the first. What was saved goes on elsewhere.
  @Test
  void aFullDiskLosesNothing() throws Exception {
    Path kept = Files.createDirectory(temp.resolve("kept"));
    Path disk = Files.createDirectory(temp.resolve("disk"));
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.addAll(List.of("--add-modules", "jdk.incubator.vector", "-XX:TieredStopAtLevel=1"));
    java.add("-Dretort.home=" + RecipeFolder.path().getParent().getParent());
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), Retort.class.getName()));
    java.addAll(
        Cli.smallWords(
            "train", "--model=resnet8", "--epochs=2", "--out", disk.resolve("run").toString()));
    String train = java.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    String script =
        "mount -t tmpfs -o size=1m tmpfs '%s' || exit 77; %s; code=$?; cp -r '%s/run' '%s'; exit $code"
            .formatted(disk, train, disk, kept);
    Path said = temp.resolve("said");
    Process process;
    try {
      process =
          new ProcessBuilder("unshare", "-Urm", "sh", "-c", script)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
    } catch (IOException e) {
      assumeTrue(false, "no unshare here to make a small disk with: " + e.getMessage());
      return;
    }
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    String text = Files.readString(said);
    assumeTrue(process.exitValue() != 77 && !text.startsWith("unshare:"), "no small disk: " + text);
    assertThat(text)
        .contains("retort: the disk is full; what was saved before is untouched")
        .contains("free some space, then continue with --resume")
        .doesNotContain("\tat ");
    assertThat(process.exitValue()).isEqualTo(1);

    Cli resumed = Cli.run("train", "--resume", "--out", kept.resolve("run"));
    assertThat(resumed.err()).isEmpty();
    assertThat(resumed.code()).isZero();
    assertThat(resumed.out()).contains("epoch 2/2").doesNotContain("epoch 1/2");
  }
}
