package retort.tensor.cpu;

import java.util.concurrent.LinkedBlockingQueue;

/// A tile that works in plain loops until its vector code is fast.
///
/// Before C2 has compiled it, code of the Vector API is slower than plain loops by a factor of a
/// hundred, and it stays so for some 100,000 rounds of its loop: seconds, in which a program would
/// look stuck. So the first rounds run in plain loops, which are compiled in no time; a tile that
/// is seen to matter is run by a thread in the background, on zeros, until its vector code is the
/// faster; then it takes over. That can't be seen in any result, for both have the same bits.
final class WarmingTile implements Tile {
  /// Rounds of the loop after which a tile matters: a millisecond of work.
  private static final int MATTERS = 10_000;

  /// Rounds of one trial run. The JVM compiles a method after fewer rounds in all when they come in
  /// more calls: 15,000 in 600 calls do instead of 40,000 in a few.
  private static final int TRIAL = 25;

  /// The pitch of all arrays in a trial run.
  private static final int PITCH = 64;

  /// Nanoseconds after which a vector code that won't become fast is given up: one wider than the
  /// processor's registers, for one.
  private static final long PATIENCE = 60_000_000_000L;

  private static final LinkedBlockingQueue<WarmingTile> QUEUE = queue();

  private final PlainTile plain;
  private int rounds;
  private volatile Tile fast;

  WarmingTile(PlainTile plain) {
    this.plain = plain;
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
    Tile vector = fast;
    if (vector != null) {
      vector.run(n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch, adds);
      return;
    }
    // threads may lose each other's counts, or offer the tile twice: neither does harm
    if (rounds < MATTERS && (rounds += n) >= MATTERS) QUEUE.add(this);
    plain.run(n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch, adds);
  }

  private static LinkedBlockingQueue<WarmingTile> queue() {
    LinkedBlockingQueue<WarmingTile> queue = new LinkedBlockingQueue<>();
    Thread.ofPlatform().daemon().name("retort-warm-up").start(() -> serve(queue));
    return queue;
  }

  private static void serve(LinkedBlockingQueue<WarmingTile> queue) {
    try {
      while (true) queue.take().warm();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void warm() {
    int reach = plain.reach(TRIAL, PITCH);
    float[] a = new float[reach], b = new float[reach], c = new float[reach];
    Tile vector = plain.vector();
    long start = System.nanoTime();
    while (2 * nanos(vector, a, b, c) >= nanos(plain, a, b, c)) {
      if (System.nanoTime() - start > PATIENCE) return;
    }
    fast = vector;
  }

  /// The shortest of a few runs, so that a thread switch in one of them decides nothing.
  private long nanos(Tile tile, float[] a, float[] b, float[] c) {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      tile.run(TRIAL, a, 0, PITCH, b, 0, PITCH, c, 0, PITCH, i % 2 == 0);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best;
  }
}
