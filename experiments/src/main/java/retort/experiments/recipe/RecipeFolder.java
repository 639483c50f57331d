package retort.experiments.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import retort.experiments.Failure;

/// Where the project's own recipes are: `experiments/recipes` under the folder that the launcher
/// names, or under the nearest folder above the current one that has it.
public final class RecipeFolder {
  /// What recipes inherit from; nothing in it is a recipe by itself.
  private static final String BASES = "base";

  private static final Path INSIDE = Path.of("experiments", "recipes");

  private RecipeFolder() {}

  public static Path path() {
    String home = System.getProperty("retort.home");
    if (home != null) return Path.of(home).resolve(INSIDE);
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(INSIDE))) return folder.resolve(INSIDE);
    }
    return INSIDE;
  }

  /// The names of the project's own recipes of single commands.
  public static List<String> names() {
    return Recipe.beside(path().resolve("any.yaml"));
  }

  /// The names of the tables' rows: recipes in folders of their own, `table5/r8x4`.
  public static List<String> rows() {
    Path folder = path();
    try (Stream<Path> inside = Files.list(folder)) {
      return inside
          .filter(f -> Files.isDirectory(f) && !f.getFileName().toString().equals(BASES))
          .sorted()
          .flatMap(f ->
              Recipe.beside(f.resolve("any.yaml")).stream().map(n -> f.getFileName() + "/" + n))
          .toList();
    } catch (IOException e) {
      throw new Failure("cannot list the folder of recipes", folder, "make it readable", e);
    }
  }

  /// Reads a recipe by its name, or any file that ends in `.yaml` by its path.
  public static Recipe read(String nameOrFile) {
    return Recipe.read(file(nameOrFile));
  }

  /// A recipe as it is written.
  public static String text(String nameOrFile) {
    return Recipe.text(file(nameOrFile));
  }

  private static Path file(String nameOrFile) {
    return nameOrFile.endsWith(".yaml")
        ? Path.of(nameOrFile)
        : path().resolve(nameOrFile + ".yaml");
  }
}
