package retort.gpu;

import java.lang.ref.Cleaner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The batches of work seen lately, and a graph for each that came again. One that comes once, such
/// as a last batch of other shapes, isn't worth recording.
final class Graphs {
  /// A training step is a handful of batches, of a table's methods one at a time; sampling in many
  /// steps is dozens.
  private static final int KEPT = 64;

  private static final Cleaner CLEANER = Cleaner.create();

  private final Driver driver;
  private final Cublas blas;
  private final Seen seen = new Seen();

  /// By the forms of the works; no graph after the first time. The least recently used goes.
  private static final class Seen extends LinkedHashMap<List<Object>, Graph> {
    private static final long serialVersionUID = 1;

    Seen() {
      super(KEPT, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<List<Object>, Graph> eldest) {
      boolean tooMany = size() > KEPT;
      if (tooMany && eldest.getValue() != null) eldest.getValue().destroy();
      return tooMany;
    }

    void destroy() {
      for (Graph g : values()) if (g != null) g.destroy();
      clear();
    }
  }

  Graphs(Driver driver, Cublas blas) {
    this.driver = driver;
    this.blas = blas;
    Seen all = seen;
    CLEANER.register(this, all::destroy);
  }

  /// The graph of a batch, or null where it hasn't come before.
  Graph of(List<Work> batch) {
    List<Object> forms = batch.stream().map(Work::form).toList();
    if (!seen.containsKey(forms)) {
      seen.put(forms, null);
      return null;
    }
    Graph graph = seen.get(forms);
    if (graph == null) {
      graph = new Graph(driver, blas, batch);
      seen.put(forms, graph);
    }
    return graph;
  }

  void clear() {
    seen.destroy();
  }
}
