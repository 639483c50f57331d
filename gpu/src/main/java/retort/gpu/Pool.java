package retort.gpu;

import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import retort.gpu.Buffer.Place;
import retort.tensor.Device.Memory;
import retort.tensor.OutOfDeviceMemory;

/// The card's memory in free lists by size, so that a steady training step asks the driver for
/// nothing: asking stops the card. When memory is short, what lies in the lists goes back to the
/// driver, and so does what was forgotten: a module that nothing refers to any more has given
/// nothing back. When nobody holds the pool any more, all of it does.
///
/// Of the free buffers of a size the one at the lowest address is taken. So which one a step gets
/// depends on what is free, not on the order in which it came back: a steady step meets the same
/// addresses each time.
final class Pool {
  /// Sizes are rounded up to this: the driver's own blocks are no smaller, and runs begin on whole
  /// lines of the card's cache.
  private static final long GRAIN = 512;

  /// How long the JVM is given to find what was forgotten, in milliseconds, from try to try.
  private static final int[] PATIENCE = {1, 4, 16, 64, 256};

  private static final Cleaner CLEANER = Cleaner.create();

  private final Driver driver;
  private final Queue queue;
  private final Lists lists;
  private long live;
  private long peak;
  private long fresh;

  /// What the driver has given, apart from the pool so that it can outlive it.
  private static final class Lists implements Runnable {
    final Driver driver;
    final Map<Long, PriorityQueue<Buffer>> free = new HashMap<>();
    final ConcurrentLinkedQueue<Place> ended = new ConcurrentLinkedQueue<>();
    long held;

    Lists(Driver driver) {
      this.driver = driver;
    }

    @Override
    public void run() {
      giveUp();
    }

    /// Gives what lies unused back to the driver, and what was forgotten; returns the bytes of the
    /// latter.
    long giveUp() {
      long unused = 0;
      for (PriorityQueue<Buffer> buffers : free.values()) {
        for (Buffer b : buffers) {
          unused += b.bytes();
          b.end();
        }
      }
      free.clear();
      long all = 0;
      for (Place p = ended.poll(); p != null; p = ended.poll()) {
        driver.free(p.address());
        all += p.bytes();
      }
      held -= all;
      return all - unused;
    }
  }

  Pool(Driver driver, Queue queue) {
    this.driver = driver;
    this.queue = queue;
    lists = new Lists(driver);
    CLEANER.register(this, lists);
  }

  Buffer take(long bytes) {
    long rounded = Math.max(1, (bytes + GRAIN - 1) / GRAIN) * GRAIN;
    PriorityQueue<Buffer> pooled = lists.free.get(rounded);
    Buffer b = pooled == null ? null : pooled.poll();
    if (b == null) b = fresh(rounded);
    live += b.bytes();
    peak = Math.max(peak, live);
    return b;
  }

  private Buffer fresh(long bytes) {
    long address = driver.allocate(bytes);
    if (address == 0) address = makeRoom(bytes);
    if (address == 0) throw new OutOfDeviceMemory("cuda", bytes, lists.held, driver.total());
    fresh++;
    lists.held += bytes;
    return new Buffer(new Place(address, bytes), lists.ended);
  }

  private long makeRoom(long bytes) {
    queue.finish(); // what lies in the lists may still be written to
    queue.forget();
    live -= lists.giveUp();
    long address = driver.allocate(bytes);
    for (int i = 0; address == 0 && i < PATIENCE.length; i++) {
      System.gc(); // to the JVM a buffer is a few bytes, for which it sees no reason to hurry
      pause(PATIENCE[i]);
      live -= lists.giveUp();
      address = driver.allocate(bytes);
    }
    return address;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void give(Buffer b) {
    lists.free.computeIfAbsent(b.bytes(), n -> new PriorityQueue<>()).add(b);
    live -= b.bytes();
  }

  Memory memory() {
    return new Memory(live, peak, fresh);
  }
}
