package retort.experiments;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the project's own files are, for the tests that look at them.
final class Repository {
  private Repository() {}

  /// The folder above this test's that holds the wrapper of Maven.
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null)
        throw new IllegalStateException(
            "no mvnw in any folder above " + Path.of("").toAbsolutePath());
    }
    return folder;
  }
}
