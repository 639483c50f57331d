package retort.experiments.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Failure;
import retort.experiments.recipe.RecipeFolder;
import retort.gpu.Emulator;
import retort.nn.io.AtomicFile;

/// A bundle runs where no Java is: with an empty PATH and nothing else in the environment. It is
/// packed and unpacked first, as it travels.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a bundle is started by a shell script")
class BundleTest {
  /// The program's own modules among the tests' class path.
  private static final Pattern OURS =
      Pattern.compile(
          "(.*/target/classes|retort-(?!.*tests).*\\.jar|picocli.*|jackson-.*|snakeyaml.*"
              + "|commons-.*|jcuda-\\d.*)");

  @TempDir static Path temp;
  private static Path bundle;

  private static Bundle whole() {
    List<Path> modules =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(p -> OURS.matcher(p).matches() || OURS.matcher(new File(p).getName()).matches())
            .map(Path::of)
            .filter(Files::exists)
            .toList();
    return new Bundle(modules, temp.resolve("native"), RecipeFolder.path());
  }

  /// JCuda's native library, as the build takes it out of its jar.
  private static void unpackNatives() throws IOException {
    Path jar =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(p -> new File(p).getName().startsWith("jcuda-natives"))
            .map(Path::of)
            .findFirst()
            .orElseThrow();
    Path to = Files.createDirectories(temp.resolve("native"));
    try (var inside = FileSystems.newFileSystem(jar);
        Stream<Path> libraries = Files.list(inside.getPath("lib"))) {
      for (Path p : (Iterable<Path>) libraries::iterator) {
        String name = p.getFileName().toString();
        if (name.startsWith("libJCudaDriver-")) Files.copy(p, to.resolve(name));
      }
    }
  }

  @BeforeAll
  static void write() throws Exception {
    unpackNatives();
    bundle = temp.resolve("a folder/retort");
    Path made = temp.resolve("made/retort"), archive = temp.resolve("retort.tar.gz");
    whole().write(made);
    AtomicFile.write(archive, to -> TarGz.write(made, to));
    TarGzTest.unpack(archive, bundle.getParent());
  }

  private record Outcome(int code, String said) {}

  private static Outcome run(String... args) throws Exception {
    return run(Map.of(), args);
  }

  private static Outcome run(Map<String, String> environment, String... args) throws Exception {
    List<String> command = new ArrayList<>(List.of(bundle.resolve("bin/retort").toString()));
    command.addAll(List.of(args));
    File said = Files.createTempFile(temp, "said", "").toFile();
    var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said);
    builder.directory(temp.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", temp.resolve("none").toString());
    builder.environment().putAll(environment);
    Process p = builder.start();
    assertThat(p.waitFor(5, TimeUnit.MINUTES)).isTrue();
    return new Outcome(p.exitValue(), Files.readString(said.toPath()));
  }

  @Test
  void saysItsVersionAndFindsItsRecipes() throws Exception {
    assertThat(run("--version").said()).contains("retort ");
    Outcome recipe = run("recipe", "quickstart-tiny");
    assertThat(recipe.said()).contains("teacher:");
    assertThat(recipe.code()).isZero();
  }

  @Test
  void trainsAndLooksForACard() throws Exception {
    Outcome training =
        run(
            "train",
            "--model=resnet8",
            "--epochs=1",
            "--out=run",
            "--set=data.per-class=3",
            "--set=data.test-per-class=1",
            "--set=data.validation=0.2",
            "--set=training.batch=8",
            "--set=training.warm-up=0");
    assertThat(training.code()).as(training.said()).isZero();
    assertThat(temp.resolve("run/resnet8.safetensors")).isNotEmptyFile();
    assertThat(run("doctor").said()).contains("java").containsPattern("(?m)^\\w+ +cuda ");
  }

  /// JCuda's library travels with it and links to the driver; here to the emulated one.
  @Test
  void findsACard() throws Exception {
    String libraries = Emulator.libraries().toString();
    Outcome doctor = run(Map.of("LD_LIBRARY_PATH", libraries), "doctor");
    assertThat(doctor.said())
        .contains("emulated card, sm_90")
        .contains(libraries + "/libcublas.so.13")
        .containsPattern("(?m)^ok +kernels +9 families loaded");
  }

  @Test
  void leavesAFolderAloneAndSaysWhatIsInTheWay() {
    assertThatThrownBy(() -> whole().write(bundle))
        .isInstanceOf(Failure.class)
        .hasMessage("the folder is there already");
  }
}
