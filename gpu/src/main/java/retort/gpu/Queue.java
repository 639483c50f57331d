package retort.gpu;

import java.util.ArrayList;
import java.util.List;
import retort.gpu.Work.Launch;
import retort.gpu.Work.Multiplication;

/// The way of all work to the card, in the order it is asked for.
///
/// Without graphs each work starts when it is asked for. With them works gather until the host
/// needs a result, a tape begins, or many have come. A batch that has been seen before, by the
/// grids of its kernels and the addresses of its products, is then started by one call, as a graph
/// of the driver's; its kernels' arguments are set anew where they differ. So a graph does what was
/// asked for now, whatever it was recorded from, and nothing has to be held in place for it: it
/// pays where a steady step meets the same buffers, as [Pool] sees to.
final class Queue {
  /// A graph's start costs as much as that of a few kernels.
  private static final int SHORTEST = 8;

  /// While works gather the card waits, so they don't gather for longer than it takes to ask for
  /// this many: a fraction of a millisecond.
  private static final int LONGEST = 256;

  private final Driver driver;
  private final Cublas blas;
  private final Graphs graphs;
  private final List<Work> asked = new ArrayList<>();
  private final List<Runnable> afterwards = new ArrayList<>();

  Queue(Driver driver, Cublas blas, boolean graphs) {
    this.driver = driver;
    this.blas = blas;
    this.graphs = graphs ? new Graphs(driver, blas) : null;
  }

  /// What `-Dretort.cuda.graphs` asks for.
  static boolean graphsChosen() {
    String chosen = System.getProperty("retort.cuda.graphs", "false");
    return switch (chosen) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new IllegalArgumentException(
              "-Dretort.cuda.graphs=" + chosen + ": wants true or false");
    };
  }

  void ask(Work work) {
    if (graphs == null) {
      start(work);
      return;
    }
    asked.add(work);
    if (asked.size() == LONGEST) flush();
  }

  /// Runs something when everything asked for so far has been handed to the card.
  void afterwards(Runnable then) {
    if (asked.isEmpty()) then.run();
    else afterwards.add(then);
  }

  private void start(Work work) {
    switch (work) {
      case Launch l -> driver.launch(l);
      case Multiplication m -> blas.multiply(m);
    }
  }

  /// Hands everything asked for to the card.
  void flush() {
    if (asked.isEmpty()) return;
    List<Work> batch = List.copyOf(asked);
    List<Runnable> then = List.copyOf(afterwards);
    asked.clear(); // also where one of them fails
    afterwards.clear();
    try {
      Graph graph = batch.size() < SHORTEST ? null : graphs.of(batch);
      if (graph == null) batch.forEach(this::start);
      else graph.start(batch);
    } finally {
      then.forEach(Runnable::run);
    }
  }

  /// Waits for everything asked for.
  void finish() {
    flush();
    driver.finish();
  }

  /// Gives up what graphs hold of the card's memory; nothing may be under way.
  void forget() {
    if (graphs != null) graphs.clear();
  }
}
