package retort.experiments.run;

import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import retort.experiments.Failure;
import tools.jackson.databind.JsonNode;

/// What two manifests must share for their numbers to stand in one table: all that a number depends
/// on but the seed. That is the resolved recipe, the data, the teacher, the code, the device, the
/// Java virtual machine and the width of its vectors; the command line, the time of day, the flags
/// and how much memory there was change no number.
public final class Provenance {
  private static final Set<String> FREE = Set.of("command", "started", "seed", "machine");

  private final SortedMap<String, String> facts = new TreeMap<>();

  private Provenance(JsonNode manifest) {
    manifest
        .properties()
        .forEach(e -> {
          if (!FREE.contains(e.getKey())) flatten(e.getKey(), e.getValue());
        });
    for (String kept : new String[] {"jvm", "vectorBits"}) {
      flatten("machine." + kept, manifest.path("machine").path(kept));
    }
    facts.remove("configuration.seed");
  }

  public static Provenance of(JsonNode manifest) {
    return new Provenance(manifest);
  }

  public static Provenance of(Manifest manifest) {
    return of(Json.parse(Json.line(manifest)));
  }

  private void flatten(String path, JsonNode node) {
    if (node.isObject()) {
      node.properties().forEach(e -> flatten(path + "." + e.getKey(), e.getValue()));
    } else {
      facts.put(path, node.isArray() ? node.toString() : node.asString(""));
    }
  }

  /// Without a part of the facts, such as the recipe where different ones are compared.
  public Provenance without(String prefix) {
    facts.keySet().removeIf(path -> path.startsWith(prefix));
    return this;
  }

  /// Refuses two runs that differ in more than their seed.
  ///
  /// @param here and `there`: what the runs are called, their folders
  public void checkSame(String here, Provenance other, String there) {
    SortedMap<String, String> all = new TreeMap<>(facts);
    all.putAll(other.facts);
    for (String path : all.keySet()) {
      String a = facts.getOrDefault(path, "nothing"), b = other.facts.getOrDefault(path, "nothing");
      if (a.equals(b)) continue;
      throw new Failure(
          "runs of different manifests don't go into one table: "
              + path
              + " is '"
              + a
              + "' in one and '"
              + b
              + "' in the other",
          here + " and " + there,
          "delete the run that is out of date, or keep this one apart with another --out");
    }
  }
}
