package retort.tensor.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/// A team of threads that shares out the parts of one kernel. The caller works too, and returns
/// when all parts are done.
///
/// Kernels cut their work by the problem, never by the number of threads, and combine partial
/// results in the order of the parts: so the bits of a result are the same for any team.
public final class Workers {
  /// How often an idle worker looks for work before it sleeps: 0.6 to 1.1 ms on a Xeon, longer than
  /// the gap between the kernels of a training step, shorter than anything a user notices.
  private static final int SPINS = 20_000;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  /// One kernel's parts. A worker that comes late finds nothing left in it, and does no harm.
  private static final class Round {
    final int parts;
    final IntConsumer part;

    /// Workers that may still join in.
    final AtomicInteger places;

    final AtomicInteger next = new AtomicInteger();
    final AtomicInteger done = new AtomicInteger();
    volatile Throwable failure;

    Round(int parts, IntConsumer part, int workers) {
      this.parts = parts;
      this.part = part;
      places = new AtomicInteger(workers);
    }

    /// What a worker does of it.
    void join() {
      if (places.getAndDecrement() > 0) work();
    }

    void work() {
      for (int i; (i = next.getAndIncrement()) < parts; done.getAndIncrement()) {
        try {
          part.accept(i);
        } catch (Throwable t) {
          failure = t;
        }
      }
    }
  }

  private final Thread[] threads;
  private volatile Round round;
  private final AtomicInteger asleep = new AtomicInteger();

  public Workers(int team) {
    if (team < 1)
      throw new IllegalArgumentException("a team wants at least one thread, got " + team);
    threads = new Thread[team - 1];
    for (int i = 0; i < threads.length; i++) {
      threads[i] = Thread.ofPlatform().daemon().name("retort-worker-" + (i + 1)).start(this::serve);
    }
  }

  /// How many threads work, the caller among them.
  public int team() {
    return threads.length + 1;
  }

  /// Calls `part` with 0 to `parts` - 1, each once, on whichever thread is free.
  public void run(int parts, IntConsumer part) {
    int workers = threads.length - (leavesOne() ? 1 : 0);
    if (workers == 0 || parts <= 1) {
      for (int i = 0; i < parts; i++) part.accept(i);
      return;
    }
    Round mine = new Round(parts, part, workers);
    round = mine;
    if (asleep.get() > 0) for (Thread t : threads) LockSupport.unpark(t);
    mine.work();
    for (int idle = 0; mine.done.get() < parts; idle++) {
      if (idle < SPINS) Thread.onSpinWait();
      else Thread.yield(); // the other worker waits for a core: give it this one
    }
    switch (mine.failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException(t);
    }
  }

  /// Whether a worker leaves its processor to the compiler, where the team would take all: what is
  /// not compiled yet is so slow that a program of two threads is further with one of them idle.
  private boolean leavesOne() {
    return team() >= PROCESSORS && WarmingTile.pending();
  }

  private void serve() {
    Round last = null;
    for (int idle = 0; ; ) {
      Round now = round;
      if (now != last) {
        now.join();
        last = now;
        idle = 0;
      } else if (++idle < SPINS) {
        Thread.onSpinWait();
      } else {
        asleep.getAndIncrement();
        if (round == last) LockSupport.park(this);
        asleep.getAndDecrement();
      }
    }
  }
}
