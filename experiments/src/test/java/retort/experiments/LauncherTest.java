package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.house.Repository;

/// The launcher in a folder of its own, with JDKs and a Maven that only say that they were called.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a bash script")
class LauncherTest {
  @TempDir Path temp;
  private Path root;

  private record Outcome(int code, String out, String err) {}

  @BeforeEach
  void setUp() throws IOException {
    root = Files.createDirectories(temp.resolve("a project"));
    Files.copy(Repository.root().resolve("retort"), root.resolve("retort"));
    for (String module : new String[] {"tensor", "gpu", "nn", "gendd", "experiments"}) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(root.resolve("pom.xml"));
    script(
        root.resolve("mvnw"),
        "echo maven \"$@\" with $JAVA_HOME >&2; mkdir -p experiments/target/app; touch"
            + " experiments/target/app/built");
  }

  private static void script(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Path jdk(String place, String version) throws IOException {
    Path home = temp.resolve(place);
    script(home.resolve("bin/java"), "echo java of " + version + " \"$@\"");
    script(home.resolve("bin/javac"), "exit 0");
    Files.writeString(
        home.resolve("release"),
        "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS_NAME=\"Linux\"\n");
    return home;
  }

  private Outcome start(Map<String, String> environment, String... args)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(root.resolve("retort").toString()));
    command.addAll(List.of(args));
    var builder =
        new ProcessBuilder(command)
            .redirectOutput(temp.resolve("out").toFile())
            .redirectError(temp.resolve("err").toFile());
    Map<String, String> clean = new HashMap<>(environment);
    clean.putIfAbsent("PATH", "/usr/bin:/bin");
    clean.putIfAbsent("RETORT_JVM_FOLDERS", temp.resolve("jvms").toString());
    builder.environment().clear();
    builder.environment().putAll(clean);
    int code = builder.start().waitFor();
    return new Outcome(code, read("out"), read("err"));
  }

  private String read(String name) throws IOException {
    return Files.readString(temp.resolve(name), StandardCharsets.UTF_8);
  }

  @Test
  void saysHowToInstallAJdkWhereThereIsNone() throws Exception {
    jdk("jvms/old", "17.0.12");
    jdk("jvms/early", "2.5");
    Outcome outcome = start(Map.of("JAVA_HOME", jdk("home", "21.0.1").toString()));
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .startsWith("retort: no JDK 25 found")
        .contains(
            "sudo apt-get install openjdk-25-jdk",
            "brew install openjdk@25",
            "winget install EclipseAdoptium.Temurin.25.JDK",
            "sdk install java");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void findsAJdkInJavaHomeOnThePathOrInTheUsualFolders() throws Exception {
    jdk("jvms/jdk-25.jdk/Contents/Home", "25.0.1");
    assertThat(start(Map.of()).out()).contains("java of 25.0.1");

    Path onPath = jdk("elsewhere", "25.0.2").resolve("bin");
    Files.createDirectories(temp.resolve("links"));
    Files.createSymbolicLink(temp.resolve("links/java"), onPath.resolve("java"));
    assertThat(start(Map.of("PATH", temp.resolve("links") + ":/usr/bin:/bin")).out())
        .contains("java of 25.0.2");

    Path home = jdk("home", "25");
    assertThat(start(Map.of("JAVA_HOME", home.toString(), "PATH", onPath + ":/usr/bin:/bin")).out())
        .contains("java of 25 ");
  }

  @Test
  void buildsOnceThenOnlyWhenASourceIsNewer() throws Exception {
    Path home = jdk("jvms/25", "25.0.3");
    Outcome first = start(Map.of(), "doctor", "two words");
    assertThat(first.err())
        .contains("retort: building")
        .contains("maven -q -DskipTests package with " + home)
        .contains("retort: built in ");
    assertThat(first.out())
        .contains("-m retort.experiments/retort.experiments.Retort doctor two words");

    assertThat(start(Map.of()).err()).isEmpty();

    Path source = Files.createFile(root.resolve("nn/src/main/New.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(start(Map.of()).err()).contains("retort: building");
  }

  @Test
  void stopsWhereTheBuildFails() throws Exception {
    jdk("jvms/25", "25.0.3");
    script(root.resolve("mvnw"), "echo no such artifact >&2; exit 1");
    Outcome outcome = start(Map.of());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("no such artifact").contains("retort: the build failed");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void passesMoreFlagsToJavaAndFollowsALink() throws Exception {
    jdk("jvms/25", "25.0.3");
    Path link = Files.createSymbolicLink(temp.resolve("link"), root.resolve("retort"));
    root = link.getParent();
    Files.move(link, temp.resolve("retort"));
    assertThat(start(Map.of("RETORT_JAVA_OPTS", "-Xmx2g -Dx=y")).out())
        .contains(" -Xmx2g -Dx=y -p ")
        .contains("a project/experiments/target/app/lib");
  }

  @Test
  void fetchesPeersForTheirBenchmarkAlone() throws Exception {
    jdk("jvms/25", "25.0.3");
    Path peers = root.resolve("experiments/bench-peers");
    Files.createDirectories(peers.resolve("src"));
    Files.createFile(peers.resolve("pom.xml"));
    Outcome plain = start(Map.of(), "bench", "--quick");
    assertThat(plain.err()).contains("maven -q -DskipTests package");
    assertThat(plain.out()).doesNotContain("bench-peers").contains("Retort bench --quick");

    String lib = "experiments/bench-peers/target/lib";
    script(
        root.resolve("mvnw"),
        "echo maven \"$@\" >&2; mkdir -p " + lib + "; touch " + lib + "/built");
    Outcome first = start(Map.of(), "bench", "--peers", "--json", "x");
    assertThat(first.err()).contains("maven -q -Ppeers -DskipTests package");
    assertThat(first.out())
        .contains("-cp " + root.resolve(lib) + "/* -p ")
        .contains("Retort bench --peers --json x");
    assertThat(start(Map.of(), "bench", "--peers").err()).isEmpty();
    assertThat(start(Map.of("OPENBLAS_CORETYPE", "Haswell"), "bench", "--peers").err())
        .isEqualTo("retort: OPENBLAS_CORETYPE=Haswell is set, and OpenBLAS obeys it\n");
    assertThat(start(Map.of("OPENBLAS_CORETYPE", "Haswell"), "bench").err()).isEmpty();
  }
}
