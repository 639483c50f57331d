package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.commons.JUnitException;
import org.opentest4j.AssertionFailedError;

/// The kit in modules of other people: with nothing but `retort.tensor` on the module path, and
/// with JUnit. The rest of the tests use it from the class path.
class ModulePathTest {
  @TempDir Path folder;

  @Test
  void aModuleWithoutJUnit() throws Exception {
    write(
        "module-info.java",
        """
        module user {
          requires retort.tensor;
        }
        """);
    write(
        "user/Main.java",
        """
        package user;

        import static retort.tensor.gradcheck.Gradients.assertThatGradient;

        class Main {
          public static void main(String[] args) {
            assertThatGradient(x -> x[0].matmul(x[1])).at("2x3, 3x4").matches();
            System.out.println("checked in " + Main.class.getModule());
          }
        }
        """);
    assertThat(compileAndRun(location(NdArray.class))).contains("checked in module user");
  }

  @Test
  void aModuleWithJUnit() throws Exception {
    write(
        "module-info.java",
        """
        module user {
          requires retort.tensor;
          requires org.junit.jupiter.api;
          opens user to org.junit.platform.commons, retort.tensor;
        }
        """);
    write(
        "user/Main.java",
        """
        package user;

        import org.junit.jupiter.api.DynamicTest;
        import retort.tensor.gradcheck.Gradients;
        import retort.tensor.gradcheck.GradientCheck;
        import retort.tensor.gradcheck.junit.CheckGradient;
        import retort.tensor.gradcheck.junit.GradientTests;

        class Main implements GradientTests {
          @CheckGradient({"3x4", "scalar"})
          GradientCheck silu() {
            return Gradients.assertThatGradient(x -> x[0].silu());
          }

          public static void main(String[] args) {
            new Main().gradients().flatMap(container -> container.getChildren()).forEach(Main::run);
          }

          private static void run(Object test) {
            try {
              ((DynamicTest) test).getExecutable().execute();
              System.out.println("passed " + ((DynamicTest) test).getDisplayName());
            } catch (Throwable failure) {
              throw new AssertionError(failure);
            }
          }
        }
        """);
    assertThat(compileAndRun(location(NdArray.class) + File.pathSeparator + junit()))
        .contains("passed 3x4", "passed scalar");
  }

  private void write(String name, String text) throws Exception {
    Path file = folder.resolve("source").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String compileAndRun(String modulePath) throws Exception {
    Path classes = folder.resolve("classes");
    var messages = new StringWriter();
    var log = new PrintWriter(messages);
    List<String> sources =
        Stream.of("module-info.java", "user/Main.java")
            .map(name -> folder.resolve("source").resolve(name).toString())
            .toList();
    int compiled =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                log,
                log,
                Stream.concat(
                        Stream.of("-proc:none", "-p", modulePath, "-d", classes.toString()),
                        sources.stream())
                    .toArray(String[]::new));
    assertThat(compiled).as(messages.toString()).isZero();
    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                classes + File.pathSeparator + modulePath,
                "-m",
                "user/user.Main")
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes());
    assertThat(java.waitFor()).as(output).isZero();
    return output;
  }

  /// The jars of junit-jupiter-api and what it requires.
  private static String junit() {
    return Stream.of(
            TestFactory.class,
            JUnitException.class,
            AssertionFailedError.class,
            API.class,
            Nullable.class)
        .map(ModulePathTest::location)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String location(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
  }
}
