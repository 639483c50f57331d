package retort.gendd;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import retort.tensor.Tensor;

/// Named losses in order: their sum is what a step minimises, and each becomes a column of the log.
public final class Losses {
  private final SequencedMap<String, Tensor> byName = new LinkedHashMap<>();

  /// None yet.
  public Losses() {}

  public static Losses of(String name, Tensor loss) {
    return new Losses().and(name, loss);
  }

  public Losses and(String name, Tensor loss) {
    if (byName.putIfAbsent(name, loss) != null)
      throw new IllegalArgumentException("a loss named '" + name + "' is there already");
    return this;
  }

  public Losses and(Losses more) {
    more.byName.forEach(this::and);
    return this;
  }

  public Tensor get(String name) {
    Tensor t = byName.get(name);
    if (t == null) {
      throw new IllegalArgumentException(
          "there is no loss '" + name + "'; losses here: " + byName.keySet());
    }
    return t;
  }

  public SequencedMap<String, Tensor> byName() {
    return Collections.unmodifiableSequencedMap(byName);
  }

  /// Each loss averaged over its rows.
  public Losses mean() {
    Losses m = new Losses();
    byName.forEach((name, loss) -> m.and(name, loss.mean()));
    return m;
  }

  public Tensor total() {
    return byName.values().stream().reduce(Tensor::add).orElseThrow();
  }

  /// The numbers, for the log.
  public SequencedMap<String, Double> values() {
    SequencedMap<String, Double> v = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> e : byName.entrySet()) v.put(e.getKey(), e.getValue().item());
    return v;
  }
}
