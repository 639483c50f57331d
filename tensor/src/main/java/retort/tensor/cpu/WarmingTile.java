package retort.tensor.cpu;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A tile that works in plain loops until vector code is fast.
///
/// Before C2 has compiled it, code of the Vector API is slower than plain loops by a factor of a
/// hundred, and it stays so for some 15,000 rounds of its loop: seconds, in which a program would
/// look stuck. So the first rounds run in plain loops, which are compiled in no time. A tile that
/// is seen to matter is run by a thread in the background, on zeros, until its vector code is
/// compiled; then that takes over. Until it does, code that all tiles of a kind share stands in,
/// once it is compiled itself. None of this can be seen in any result, for all have the same bits.
final class WarmingTile implements Tile {
  /// Rounds of the loop after which a tile matters: a millisecond of work.
  private static final int MATTERS = 10_000;

  /// Rounds of a run that is judged.
  private static final int TRIAL = 8;

  /// Runs of a single round, by which the JVM sees what to compile, and how many are enough. It
  /// counts calls and rounds; of many rounds in a call it would make a version of its own, which
  /// takes longer and is of no use.
  private static final int BURST = 100, ENOUGH = 8_000;

  /// The fewest bytes of a vector that is an object: the object, and the array it holds. Fewer than
  /// one a round do no harm.
  private static final int BOX = 48;

  /// The pitch of all arrays in a trial run.
  private static final int PITCH = 64;

  /// Nanoseconds that the first try may take to become fast, the second twice as long, and so on,
  /// and how many tries there are: a vector wider than the processor's registers never does.
  private static final long PATIENCE = 6_000_000_000L;

  private static final int TRIES = 4;

  /// Codes that are run by turns: while C2 is busy with one, another becomes known to it.
  private static final int TOGETHER = 4;

  /// How many tiles wait in the queue, or are being run by its thread.
  private static final AtomicInteger PENDING = new AtomicInteger();

  private static final LinkedBlockingQueue<WarmingTile> QUEUE = queue();

  /// Whether shared code is compiled.
  private static volatile boolean sharing;

  private final PlainTile plain;
  private final Tile shared;
  private int rounds;
  private int tries;
  private volatile Tile fast;

  WarmingTile(PlainTile plain) {
    this.plain = plain;
    shared = plain.shared();
  }

  @Override
  public void run(
      int n,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      float[] c,
      int co,
      int cPitch,
      boolean adds) {
    Tile tile = fast;
    if (tile == null) {
      // threads may lose each other's counts, or offer the tile twice: neither does harm
      if (rounds < MATTERS && (rounds += n) >= MATTERS) {
        PENDING.incrementAndGet();
        QUEUE.add(this);
      }
      tile = sharing ? shared : plain;
    }
    tile.run(n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch, adds);
  }

  /// Whether there are tiles that matter and aren't compiled yet.
  static boolean pending() {
    return PENDING.get() > 0;
  }

  private static LinkedBlockingQueue<WarmingTile> queue() {
    LinkedBlockingQueue<WarmingTile> queue = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("retort-warm-up").start(() -> serve(queue));
    return queue;
  }

  private static void serve(LinkedBlockingQueue<WarmingTile> queue) {
    List<Try> tries = new ArrayList<>();
    try {
      while (true) {
        while (tries.size() < TOGETHER) {
          WarmingTile tile = tries.isEmpty() ? queue.take() : queue.poll();
          if (tile == null) break;
          if (!sharing && tile.shared != tile.plain) tries.add(tile.new Try(tile.shared));
          tries.add(tile.new Try(tile.plain.vector()));
        }
        long start = System.nanoTime();
        tries.removeIf(Try::ends);
        // as long as the runs took, the processor is the program's and the compiler's
        Thread.sleep(Duration.ofNanos(System.nanoTime() - start));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A vector code, run until it is compiled.
  private final class Try {
    final Tile vector;
    final float[] a, b, c;
    final long start = System.nanoTime();
    int runs;

    Try(Tile vector) {
      this.vector = vector;
      int reach = plain.reach(TRIAL, PITCH);
      a = new float[reach];
      b = new float[reach];
      c = new float[reach];
      if (vector != shared) tries++;
    }

    /// Runs it a little; whether it is compiled, or has to leave its place to others.
    boolean ends() {
      for (int i = 0; i < BURST && runs < ENOUGH; i++, runs++) {
        vector.run(1, a, 0, PITCH, b, 0, PITCH, c, 0, PITCH, i % 2 == 0);
      }
      boolean compiled = !boxes(vector, a, b, c);
      if (vector == shared) {
        sharing |= compiled;
        return compiled || System.nanoTime() - start > PATIENCE;
      }
      if (compiled) fast = vector;
      else if (System.nanoTime() - start < tries * PATIENCE) return false;
      else if (tries < TRIES) {
        QUEUE.add(WarmingTile.this);
        return true;
      }
      PENDING.decrementAndGet();
      return true;
    }
  }

  /// Whether a vector code still makes objects of its vectors, as all code does but that of C2. Its
  /// time says less: a processor that has just been idle runs wide vectors at a fraction of their
  /// speed.
  ///
  /// C2 leaves some of them too, for good and in all code compiled from then on, once vectors of
  /// floats of two widths have passed through the library's methods, whose profiles then name two
  /// classes. So no code here makes any of another width than [Lanes#SPECIES].
  private static boolean boxes(Tile vector, float[] a, float[] b, float[] c) {
    long before = Account.THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 2; i++) {
      vector.run(TRIAL, a, 0, PITCH, b, 0, PITCH, c, 0, PITCH, i == 0);
    }
    return Account.THREADS.getCurrentThreadAllocatedBytes() - before >= 2L * TRIAL * BOX;
  }

  /// HotSpot's account of what a thread allocates; the Vector API is HotSpot's too. A class of its
  /// own, for to load it takes 60 ms, which the thread in the background has.
  private static final class Account {
    static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  }
}
