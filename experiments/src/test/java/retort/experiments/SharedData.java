package retort.experiments;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import retort.experiments.house.Repository;

/// Real data beside the project, where there is any: in the folder that the property or environment
/// variable RETORT_DATA names, or in `shared/data` beside the repository.
public final class SharedData {
  private SharedData() {}

  /// A file of it; the test is skipped where it isn't.
  public static Path file(String name) {
    String named = System.getProperty("RETORT_DATA", System.getenv("RETORT_DATA"));
    Path folder = named != null ? Path.of(named) : Repository.root().resolve("../shared/data");
    Path file = folder.resolve(name).normalize();
    assumeTrue(Files.exists(file), "no " + file + "; RETORT_DATA names the folder of the data");
    return file;
  }
}
