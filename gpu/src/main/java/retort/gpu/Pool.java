package retort.gpu;

import java.lang.ref.Cleaner;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import retort.tensor.Device.Memory;
import retort.tensor.OutOfDeviceMemory;

/// The card's memory in free lists by size, so that a steady training step asks the driver for
/// nothing: asking stops the card. What lies in the lists goes back to the driver when it is short,
/// and everything when nobody holds the pool any more.
///
/// Of the free buffers of a size the one at the lowest address is taken. So which one a step gets
/// depends on what is free, not on the order in which it came back: a steady step meets the same
/// addresses each time.
final class Pool {
  /// Sizes are rounded up to this: the driver's own blocks are no smaller, and runs begin on whole
  /// lines of the card's cache.
  private static final long GRAIN = 512;

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
    long held;

    Lists(Driver driver) {
      this.driver = driver;
    }

    /// Gives what lies unused back to the driver.
    @Override
    public void run() {
      for (PriorityQueue<Buffer> buffers : free.values()) {
        for (Buffer b : buffers) {
          driver.free(b.address());
          held -= b.bytes();
        }
      }
      free.clear();
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
    if (address == 0) {
      queue.finish(); // what lies in the lists may still be written to
      queue.forget();
      lists.run();
      address = driver.allocate(bytes);
    }
    if (address == 0) throw new OutOfDeviceMemory("cuda", bytes, lists.held, driver.total());
    fresh++;
    lists.held += bytes;
    return new Buffer(address, bytes);
  }

  void give(Buffer b) {
    lists.free.computeIfAbsent(b.bytes(), n -> new PriorityQueue<>()).add(b);
    live -= b.bytes();
  }

  Memory memory() {
    return new Memory(live, peak, fresh);
  }
}
