package retort.experiments.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retort.experiments.Failure;
import retort.experiments.recipe.RecipeFolder;
import retort.nn.Nearest;

/// The tables there are, as `experiments/recipes/base/tables.yaml` has them.
public record Tables(Map<String, Entry> tables) {
  private static final String FILE = "base/tables";

  /// @param rows names of recipes
  public record Entry(String title, List<String> rows) {
    public Entry {
      rows = List.copyOf(rows);
    }

    /// Those of the rows that are asked for, by their whole names or what follows the slash; all
    /// where none is.
    public List<String> rows(List<String> wanted) {
      if (wanted == null || wanted.isEmpty()) return rows;
      Map<String, String> byName = new LinkedHashMap<>();
      for (String row : rows) byName.put(shortName(row), row);
      List<String> found = new ArrayList<>();
      for (String name : wanted) {
        String row = rows.contains(name) ? name : byName.get(name);
        if (row == null) {
          throw new Failure(
              "the table has no row '" + name + "'" + Nearest.hint(name, byName.keySet()),
              "--rows",
              "name some of " + String.join(", ", byName.keySet()));
        }
        found.add(row);
      }
      return found;
    }
  }

  public static String shortName(String row) {
    return row.substring(row.lastIndexOf('/') + 1);
  }

  public static Tables read() {
    return RecipeFolder.read(FILE).as(Tables.class);
  }

  public Entry named(String name) {
    Entry entry = tables.get(name);
    if (entry != null) return entry;
    throw new Failure(
        "there is no table '" + name + "'" + Nearest.hint(name, tables.keySet()),
        RecipeFolder.path().resolve(FILE + ".yaml").toString(),
        "name one of " + String.join(", ", tables.keySet()));
  }
}
