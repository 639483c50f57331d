package retort.experiments.recipe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A recipe as written: every value remembers where it came from.
sealed interface Node {
  Origin origin();

  /// A single value, kept as its text: what it means depends on the record it is read into.
  record Scalar(String text, Origin origin) implements Node {}

  record Sequence(List<Node> items, Origin origin) implements Node {}

  /// @param keys where each key stands, which is what a message about an unknown key points at
  record Mapping(Map<String, Node> entries, Map<String, Origin> keys, Origin origin)
      implements Node {

    /// This mapping with another laid over it: mappings inside are merged, everything else is
    /// replaced.
    Mapping overlaidBy(Mapping upper) {
      Map<String, Node> entries = new LinkedHashMap<>(this.entries);
      Map<String, Origin> keys = new LinkedHashMap<>(this.keys);
      upper.entries.forEach((key, above) -> {
        boolean merge = above instanceof Mapping && entries.get(key) instanceof Mapping;
        entries.merge(
            key,
            above,
            (below, _) -> merge ? ((Mapping) below).overlaidBy((Mapping) above) : above);
        if (!merge) keys.put(key, upper.keys.get(key));
      });
      keys.putAll(upper.keys);
      return new Mapping(entries, keys, upper.origin);
    }
  }
}
