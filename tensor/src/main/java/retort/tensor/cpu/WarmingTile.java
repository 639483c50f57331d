package retort.tensor.cpu;

import java.util.concurrent.LinkedBlockingQueue;

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

  /// Rounds of a run that is timed.
  private static final int TRIAL = 8;

  /// Runs of a single round, by which the JVM sees what to compile, and how many are enough. It
  /// counts calls and rounds; of many rounds in a call it would make a version of its own, which
  /// takes longer and is of no use.
  private static final int BURST = 100, ENOUGH = 8_000;

  /// How much faster code is that C2 compiled: sixty times and more, where the compiler before it
  /// makes a factor of four at most.
  private static final int COMPILED = 12;

  /// How many times as long as plain loops such code takes at most. Lanes that change places are so
  /// slow before any compilation that the first factor alone says too little.
  private static final int NEAR = 4;

  /// The pitch of all arrays in a trial run.
  private static final int PITCH = 64;

  /// Nanoseconds after which a vector code that won't become fast is given up: one wider than the
  /// processor's registers, for one.
  private static final long PATIENCE = 60_000_000_000L;

  private static final LinkedBlockingQueue<WarmingTile> QUEUE = queue();

  /// Whether shared code is compiled.
  private static volatile boolean sharing;

  private final PlainTile plain;
  private final Tile shared;
  private int rounds;
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
      if (rounds < MATTERS && (rounds += n) >= MATTERS) QUEUE.add(this);
      tile = sharing ? shared : plain;
    }
    tile.run(n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch, adds);
  }

  private static LinkedBlockingQueue<WarmingTile> queue() {
    LinkedBlockingQueue<WarmingTile> queue = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("retort-warm-up").start(() -> serve(queue));
    return queue;
  }

  private static void serve(LinkedBlockingQueue<WarmingTile> queue) {
    try {
      while (true) {
        WarmingTile tile = queue.take();
        if (!sharing && tile.shared != tile.plain) sharing = tile.warm(tile.shared);
        Tile vector = tile.plain.vector();
        if (tile.warm(vector)) tile.fast = vector;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Runs a vector code until it is compiled, which shows in its time; false if it never is.
  private boolean warm(Tile vector) throws InterruptedException {
    int reach = plain.reach(TRIAL, PITCH);
    float[] a = new float[reach], b = new float[reach], c = new float[reach];
    long start = System.nanoTime(), slow = nanos(vector, a, b, c);
    for (int runs = 0; ; ) {
      long time = nanos(vector, a, b, c);
      if (COMPILED * time <= slow && time <= NEAR * nanos(plain, a, b, c)) return true;
      if (System.nanoTime() - start > PATIENCE) return false;
      for (int i = 0; i < BURST && runs < ENOUGH; i++, runs++) {
        vector.run(1, a, 0, PITCH, b, 0, PITCH, c, 0, PITCH, i % 2 == 0);
      }
      Thread.sleep(1); // leaves the processor to the program, and to the compiler
    }
  }

  /// The shortest of a few runs, so that a thread switch in one of them decides nothing.
  private long nanos(Tile tile, float[] a, float[] b, float[] c) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long start = System.nanoTime();
      tile.run(TRIAL, a, 0, PITCH, b, 0, PITCH, c, 0, PITCH, i % 2 == 0);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }
}
