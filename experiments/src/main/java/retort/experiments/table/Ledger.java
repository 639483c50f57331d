package retort.experiments.table;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Reading;
import retort.experiments.run.Provenance;
import retort.experiments.run.RunFolder;
import tools.jackson.databind.JsonNode;

/// The outcomes of one row, by seed and method, as its run folders hold them. Runs whose manifests
/// differ in more than the seed are refused.
public final class Ledger {
  private final Map<Long, Map<String, Outcome>> bySeed = new TreeMap<>();
  private Provenance provenance;
  private Path first;

  /// Reads a run folder, finished or not.
  public Ledger add(Path folder) {
    RunFolder run = RunFolder.resume(folder);
    if (!run.holds(Manifest.FILE)) return this;
    JsonNode manifest = Json.parse(run.read(Manifest.FILE));
    Provenance its = Provenance.of(manifest);
    Map<String, Outcome> outcomes = new LinkedHashMap<>();
    for (String name : run.names(Outcome.FILE)) {
      outcomes.put(name, Json.parse(run.read(name + Outcome.FILE), Outcome.class));
    }
    if (outcomes.isEmpty()) return this;
    if (provenance == null) {
      provenance = its;
      first = folder;
    } else {
      provenance.checkSame(first.toString(), its, folder.toString());
    }
    bySeed.put(manifest.path("seed").asLong(), outcomes);
    return this;
  }

  /// Reads what there is of a row's runs: folders `seed-1`, `seed-2` and so on.
  public static Ledger of(Path row, int seeds) {
    Ledger ledger = new Ledger();
    for (int seed = 1; seed <= seeds; seed++) {
      Path folder = row.resolve("seed-" + seed);
      if (Files.isDirectory(folder)) ledger.add(folder);
    }
    return ledger;
  }

  /// What the runs have in common; null where there is none yet.
  public Provenance provenance() {
    return provenance;
  }

  public boolean isEmpty() {
    return bySeed.isEmpty();
  }

  /// The outcomes of a method, seed by seed.
  public List<Outcome> outcomes(String method) {
    List<Outcome> found = new ArrayList<>();
    for (Map<String, Outcome> outcomes : bySeed.values()) {
      if (outcomes.containsKey(method)) found.add(outcomes.get(method));
    }
    return found;
  }

  /// Every method of any seed.
  public List<String> methods() {
    return bySeed.values().stream().flatMap(m -> m.keySet().stream()).distinct().toList();
  }

  /// One number of a method's readings of one kind, seed by seed.
  ///
  /// @param best whether after the best epoch, rather than the last
  public Seeds of(String method, String by, boolean best, ToDoubleFunction<Reading> number) {
    return new Seeds(
        outcomes(method).stream()
            .flatMap(o -> (best ? o.best().readings() : o.readings()).stream())
            .filter(r -> r.by().equals(by))
            .mapToDouble(number)
            .toArray());
  }

  /// The p-value that two methods are equally good, over the seeds that both have; NaN where those
  /// are fewer than two.
  double paired(String method, String by, String other) {
    List<double[]> both = new ArrayList<>();
    for (Map<String, Outcome> outcomes : bySeed.values()) {
      if (!outcomes.containsKey(method) || !outcomes.containsKey(other)) continue;
      double a =
          outcomes.get(method).readings().stream()
              .filter(r -> r.by().equals(by))
              .mapToDouble(r -> r.accuracy().value())
              .findFirst()
              .orElseThrow();
      both.add(new double[] {a, outcomes.get(other).readings().getLast().accuracy().value()});
    }
    double[] a = both.stream().mapToDouble(p -> p[0]).toArray();
    double[] b = both.stream().mapToDouble(p -> p[1]).toArray();
    return new Seeds(a).pairedP(new Seeds(b));
  }
}
