package retort.experiments.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.house.Repository;
import retort.tensor.Tensor;

/// Builds and runs the stand-alone gradient-check project as a stranger would: copied out of this
/// checkout, by Maven, against the tensor artifact in a repository of its own. Nothing is
/// downloaded and nothing is left in the user's repository.
class GradcheckExampleTest {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  /// A start of Maven and a compile take seconds; a busy machine may need longer.
  private static final int MINUTES = 3;

  @TempDir Path folder;

  @Test
  void theExampleBuildsPassesTheRightCellAndFailsTheBrokenOne() throws Exception {
    Path root = Repository.root();
    Path project = folder.resolve("project");
    copy(root.resolve("experiments/examples/gradcheck"), project);
    publish(root, folder.resolve("repository"));

    String output = run(root, project);

    assertThat(output)
        .contains("BUILD SUCCESS")
        .contains("gradient of LstmCell at 3, 2, 2, 8x5, 8 is right: 220 entries")
        .contains("gradient of BrokenLstmCell at 3, 2, 2, 8x5, 8 is wrong")
        .contains("input 2, shape [2]: 2 of 8 Jacobian entries are wrong")
        .contains("suspected cause: part of the gradient is missing");
    String quoted = Files.readString(root.resolve("docs/gradcheck.md"));
    output
        .lines()
        .filter(line -> line.contains("[java]") && line.contains("Jacobian entries are wrong"))
        .map(line -> line.substring(line.indexOf("input ")).strip())
        .forEach(
            line -> assertThat(quoted).as("docs/gradcheck.md quotes the output").contains(line));
  }

  private String run(Path root, Path project) throws Exception {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    Path log = folder.resolve("maven.log");
    Path userRepository =
        Path.of(
            System.getProperty(
                "localRepository", System.getProperty("user.home") + "/.m2/repository"));
    var builder =
        new ProcessBuilder(
                root.resolve(windows ? "mvnw.cmd" : "mvnw").toString(),
                "--batch-mode",
                "--offline",
                "-Dmaven.repo.local=" + folder.resolve("repository"),
                "-Dmaven.repo.local.tail=" + userRepository,
                "-Dmaven.repo.local.tail.ignoreAvailability=true",
                "test")
            .directory(project.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process maven = builder.start();
    boolean ended = maven.waitFor(MINUTES, TimeUnit.MINUTES);
    if (!ended) {
      maven.destroyForcibly();
    }
    String output = Files.readString(log);
    assertThat(ended).as("Maven ends within %d minutes:%n%s", MINUTES, output).isTrue();
    return output;
  }

  /// The artifact as it is published: the jar, its pom and the parent's.
  private static void publish(Path root, Path repository) throws IOException {
    Path home = repository.resolve("dev/retort");
    Path parent = Files.createDirectories(home.resolve("retort").resolve(VERSION));
    Files.copy(root.resolve("pom.xml"), parent.resolve("retort-" + VERSION + ".pom"));
    Path tensor = Files.createDirectories(home.resolve("retort-tensor").resolve(VERSION));
    Files.copy(root.resolve("tensor/pom.xml"), tensor.resolve("retort-tensor-" + VERSION + ".pom"));
    Path jar = tensor.resolve("retort-tensor-" + VERSION + ".jar");
    Path built = location(Tensor.class);
    if (Files.isDirectory(built)) {
      pack(built, jar);
    } else {
      Files.copy(built, jar);
    }
  }

  private static void pack(Path classes, Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        var out = new JarOutputStream(file);
        Stream<Path> all = Files.walk(classes)) {
      for (Path path : all.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, out);
        out.closeEntry();
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  private static Path location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }
}
