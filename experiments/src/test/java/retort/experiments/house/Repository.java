package retort.experiments.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Where the project's own files are, for the tests that look at them.
public final class Repository {
  private Repository() {}

  /// The folder above this test's that holds the wrapper of Maven.
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("mvnw"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("no mvnw above " + Path.of("").toAbsolutePath());
      }
    }
    return folder;
  }

  /// The folders of the modules, as the root pom's neighbours hold them.
  static List<Path> modules() throws IOException {
    try (Stream<Path> folders = Files.list(root())) {
      return folders.filter(folder -> Files.exists(folder.resolve("pom.xml"))).sorted().toList();
    }
  }

  /// Every Java source of every module: main, test, jmh and examples.
  static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    for (Path module : modules()) {
      try (Stream<Path> files = Files.walk(module)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .filter(file -> !module.relativize(file).startsWith("target"))
            .sorted()
            .forEach(sources::add);
      }
    }
    return sources;
  }

  /// How a message names a file: from the root, with slashes.
  static String name(Path file) {
    return root().relativize(file).toString().replace('\\', '/');
  }
}
