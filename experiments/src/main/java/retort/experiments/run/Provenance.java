package retort.experiments.run;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import retort.experiments.Failure;
import tools.jackson.databind.JsonNode;

/// What two manifests must share for their numbers to stand in one table: all that a number depends
/// on but the seed. That is the resolved recipe, the data, the teacher, the code, the device with
/// its arithmetic (which is where `--exact` counts) and the Java virtual machine; the command line,
/// the time of day, other flags, threads and how much memory there was change no number.
public final class Provenance {
  private static final Set<String> FREE = Set.of("command", "started", "seed", "machine");

  /// How many differences a refusal names.
  private static final int SHOWN = 5;

  private final SortedMap<String, String> facts;

  private Provenance(SortedMap<String, String> facts) {
    this.facts = facts;
  }

  public static Provenance of(JsonNode manifest) {
    SortedMap<String, String> facts = new TreeMap<>();
    manifest
        .properties()
        .forEach(e -> {
          if (!FREE.contains(e.getKey())) flatten(e.getKey(), e.getValue(), facts);
        });
    flatten("machine.jvm", manifest.path("machine").path("jvm"), facts);
    facts.remove("configuration.seed");
    return new Provenance(facts);
  }

  public static Provenance of(Manifest manifest) {
    return of(Json.parse(Json.line(manifest)));
  }

  private static void flatten(String path, JsonNode node, SortedMap<String, String> facts) {
    if (node.isObject()) {
      node.properties().forEach(e -> flatten(path + "." + e.getKey(), e.getValue(), facts));
    } else {
      facts.put(path, node.isArray() ? node.toString() : node.asString(""));
    }
  }

  /// Without a part of the facts, such as the recipe where different ones are compared.
  public Provenance without(String prefix) {
    SortedMap<String, String> kept = new TreeMap<>(facts);
    kept.keySet().removeIf(path -> path.startsWith(prefix));
    return new Provenance(kept);
  }

  /// Refuses two runs that differ in more than their seed.
  ///
  /// @param here and `there`: what the runs are called, their folders
  public void checkSame(String here, Provenance other, String there) {
    SortedMap<String, String> all = new TreeMap<>(facts);
    all.putAll(other.facts);
    List<String> differences =
        all.keySet().stream()
            .filter(path -> !fact(path).equals(other.fact(path)))
            .map(path ->
                path
                    + " is '"
                    + fact(path)
                    + "' in one and '"
                    + other.fact(path)
                    + "' in the other")
            .toList();
    if (differences.isEmpty()) return;
    int more = differences.size() - SHOWN;
    throw new Failure(
        "runs of different manifests don't go into one table: "
            + String.join("; ", differences.subList(0, Math.min(SHOWN, differences.size())))
            + (more > 0 ? "; and " + more + " more differences" : ""),
        here + " and " + there,
        "delete the run that is out of date, or keep this one apart with another --out");
  }

  private String fact(String path) {
    return facts.getOrDefault(path, "nothing");
  }
}
