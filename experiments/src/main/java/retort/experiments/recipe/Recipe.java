package retort.experiments.recipe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retort.experiments.Failure;
import retort.experiments.recipe.Node.Mapping;
import retort.experiments.recipe.Node.Scalar;
import retort.experiments.recipe.Node.Sequence;
import retort.nn.Nearest;

/// An experiment as data: a YAML file, laid over the bases it names, under the options of the
/// command line. `base: cifar` stands for the file `cifar.yaml` in the same folder; of several
/// bases (`base: [cifar, long]`) a later one wins, and the file itself wins over all. Nothing has a
/// hidden default: every value comes from some line, and [#resolved()] says which.
public final class Recipe {
  private final String name;
  private final Mapping values;

  private Recipe(String name, Mapping values) {
    this.name = name;
    this.values = values;
  }

  public static Recipe read(Path file) {
    return new Recipe(file.toString(), load(file, new ArrayList<>()));
  }

  /// A recipe held as text, for one that ships inside the program. It can name no base.
  public static Recipe parse(String name, String text) {
    return new Recipe(name, Yaml.parse(name, text));
  }

  private static Mapping load(Path file, List<Path> loading) {
    Path place = file.toAbsolutePath().normalize();
    if (loading.contains(place)) {
      throw new Failure(
          "recipe refused: its bases lead back to itself",
          file.toString(),
          "remove one 'base' of the circle " + names(loading, place));
    }
    Mapping own = Yaml.parse(file.toString(), text(file));
    Node base = own.entries().get("base");
    if (base == null) return own;
    loading.add(place);
    Mapping below = new Mapping(Map.of(), Map.of(), own.origin());
    for (Scalar named : bases(base)) {
      Path baseFile = file.resolveSibling(named.text() + ".yaml");
      if (!Files.exists(baseFile)) throw noBase(named, file);
      below = below.overlaidBy(load(baseFile, loading));
    }
    loading.remove(place);
    return below.overlaidBy(without(own, "base"));
  }

  private static List<Scalar> bases(Node base) {
    List<Node> named = base instanceof Sequence several ? several.items() : List.of(base);
    return named.stream()
        .map(node -> {
          if (node instanceof Scalar scalar) return scalar;
          throw new Failure(
              "recipe refused: a base is a name",
              node.origin().toString(),
              "write base: NAME, or base: [NAME, NAME]");
        })
        .toList();
  }

  private static Failure noBase(Scalar named, Path file) {
    List<String> there = beside(file);
    return new Failure(
        "recipe refused: no base '" + named.text() + "'" + Nearest.hint(named.text(), there),
        named.origin().toString(),
        "name one of: " + String.join(", ", there));
  }

  /// The names of the recipes in the folder of a file, whether it exists or not.
  static List<String> beside(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) return List.of();
    try (var files = Files.list(folder)) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(n -> n.endsWith(".yaml"))
          .map(n -> n.substring(0, n.length() - ".yaml".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new Failure("cannot list the folder of recipes", folder, "make it readable", e);
    }
  }

  static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      String typed = file.getFileName().toString().replaceFirst("\\.yaml$", "");
      List<String> there = beside(file);
      throw new Failure(
          "no such recipe" + Nearest.hint(typed, there),
          file,
          "recipes in that folder: " + (there.isEmpty() ? "none" : String.join(", ", there)),
          e);
    } catch (IOException e) {
      throw new Failure(
          "cannot read the recipe: " + e.getMessage(),
          file,
          "make it a readable text file in UTF-8",
          e);
    }
  }

  private static Mapping without(Mapping mapping, String key) {
    Map<String, Node> entries = new LinkedHashMap<>(mapping.entries());
    Map<String, Origin> keys = new LinkedHashMap<>(mapping.keys());
    entries.remove(key);
    keys.remove(key);
    return new Mapping(entries, keys, mapping.origin());
  }

  private static String names(List<Path> loading, Path last) {
    var circle = new ArrayList<>(loading);
    circle.add(last);
    return String.join(" -> ", circle.stream().map(p -> p.getFileName().toString()).toList());
  }

  /// This recipe with one value replaced, as an option of the command line does.
  ///
  /// @param path keys joined by dots: `training.epochs`
  /// @param option what to name as the origin: `--epochs`
  public Recipe with(String path, Object value, String option) {
    Origin origin = Origin.option(option);
    Node node = node(value, origin);
    String[] keys = path.split("\\.");
    for (int i = keys.length - 1; i >= 0; i--) {
      node = new Mapping(Map.of(keys[i], node), Map.of(keys[i], origin), values.origin());
    }
    return new Recipe(name, values.overlaidBy((Mapping) node));
  }

  private static Node node(Object value, Origin origin) {
    return value instanceof List<?> list
        ? new Node.Sequence(list.stream().map(v -> node(v, origin)).toList(), origin)
        : new Scalar(value.toString(), origin);
  }

  /// The recipe as a record; fails with every problem of the recipe in one message.
  public <T extends Record> T as(Class<T> type) {
    var binder = new Binder();
    T record = binder.bind(values, type, "");
    if (!binder.problems().isEmpty()) {
      throw new Failure(
          "recipe refused:\n  " + String.join("\n  ", binder.problems()),
          name,
          "correct the lines named above");
    }
    return record;
  }

  /// The final values as YAML, each with a comment that says where it came from.
  public String resolved() {
    return Resolved.print(values);
  }
}
