package retort.nn;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// Finds test data that is too large or not free enough for the project: in the folder that the
/// system property or environment variable RETORT_DATA names, else in ../shared/data beside the
/// repository. A test whose data is absent is skipped with a reason.
public final class SharedData {
  private SharedData() {}

  public static Path file(String name) {
    Path file = folder().resolve(name);
    Assumptions.assumeTrue(
        Files.exists(file), () -> "no " + file + "; RETORT_DATA names the folder of test data");
    return file;
  }

  private static Path folder() {
    String named = System.getProperty("RETORT_DATA", System.getenv("RETORT_DATA"));
    if (named != null) {
      return Path.of(named);
    }
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("mvnw")) && root.getParent() != null) {
      root = root.getParent();
    }
    return root.resolveSibling("shared").resolve("data");
  }
}
