package retort.experiments.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Times contenders against one another: all of them in every round, each round begun by another,
/// so that whatever the machine does meanwhile happens to all alike.
///
/// A sample on one thread is the time the processor gave to that thread; it is fair on a shared
/// machine as long as a processor is left over. A sample on several threads is time on the wall,
/// after a pause and two runs unclocked: the workers of OpenMP and OpenBLAS spin for a while when
/// they have nothing to do, and would take a processor from the next contender. Rounds in which
/// others were busy are thrown away, as long as three are left without them.
final class Rounds {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /// With a whole processor busy elsewhere a thread's own time still repeats; a half must be free.
  private static final double SLACK_CPU = 0.5;

  /// More than this part of a processor taken, and time on the wall is no measure.
  private static final double SLACK_WALL = 0.08;

  /// Another stretch of running that saves less than this part of the time is the last.
  private static final double WARM_ENOUGH = 0.97;

  /// Fewer undisturbed rounds than this and all are used.
  static final int ENOUGH = 3;

  private final int threads;
  private final Pace pace;
  private final Load load = new Load();

  Rounds(int threads, Pace pace) {
    this.threads = threads;
    this.pace = pace;
  }

  /// @param seconds the median time of a run, for each contender
  /// @param rounds how many rounds there were, and how many of them undisturbed
  record Outcome(double[] seconds, int rounds, int undisturbed) {}

  Outcome run(Work work, List<Contender> contenders) {
    int n = contenders.size();
    int[] runs = new int[n];
    for (int i = 0; i < n; i++) runs[i] = warm(contenders.get(i), pace.warmSeconds(work));
    List<double[]> all = new ArrayList<>(), undisturbed = new ArrayList<>();
    while (undisturbed.size() < pace.rounds() && all.size() < pace.mostRounds()) {
      double[] round = new double[n];
      boolean clean = true;
      for (int q = 0; q < n; q++) {
        int i = (q + all.size()) % n;
        if (n > 1) settle(contenders.get(i));
        load.start();
        round[i] = sample(contenders.get(i), runs[i]);
        clean &= load.left(threads - (threads == 1 ? SLACK_CPU : SLACK_WALL));
      }
      all.add(round);
      if (clean) undisturbed.add(round);
    }
    List<double[]> used = undisturbed.size() >= ENOUGH ? undisturbed : all;
    double[] medians = new double[n];
    for (int i = 0; i < n; i++) {
      int c = i;
      medians[i] = median(used.stream().mapToDouble(round -> round[c]).toArray());
    }
    return new Outcome(medians, all.size(), undisturbed.size());
  }

  /// Runs a contender until it is warm: until it says so, and some time more of it brings less than
  /// [#WARM_ENOUGH]. Returns how many runs make a sample.
  private int warm(Contender c, double seconds) {
    double last, now = Double.MAX_VALUE, begun = System.nanoTime();
    boolean warm;
    do {
      last = now;
      warm = c.isWarm(); // before the run: what ends during it shows in the next
      now = fastest(c, seconds);
    } while ((!warm || now < WARM_ENOUGH * last)
        && System.nanoTime() - begun < pace.mostSeconds() * 1e9);
    return Math.max(1, (int) Math.ceil(pace.sampleSeconds() / now));
  }

  /// The shortest of the runs that fit in some seconds.
  private static double fastest(Contender c, double seconds) {
    long begun = System.nanoTime(), best = Long.MAX_VALUE;
    do {
      long start = System.nanoTime();
      c.run();
      c.finish();
      best = Math.min(best, System.nanoTime() - start);
    } while (System.nanoTime() - begun < seconds * 1e9);
    return best / 1e9;
  }

  private void settle(Contender c) {
    if (threads == 1) return;
    try {
      Thread.sleep(pace.pauseMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    }
    c.run();
    c.run();
    c.finish();
  }

  private double sample(Contender c, int runs) {
    long start = now();
    for (int i = 0; i < runs; i++) c.run();
    c.finish();
    return (now() - start) / 1e9 / runs;
  }

  private long now() {
    return threads == 1 ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
  }

  static double median(double[] values) {
    double[] v = values.clone();
    Arrays.sort(v);
    int mid = v.length / 2;
    return v.length % 2 == 1 ? v[mid] : (v[mid - 1] + v[mid]) / 2;
  }
}
