package retort.nn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/// The batches of one epoch, prepared ahead by one daemon thread while the caller computes.
///
/// Two batches wait at most (one being filled, one ready) beside the one in use, and their arrays
/// go round: a batch holds until the next is asked for. What fails in the background is thrown by
/// `next`. For one caller's thread.
public final class Batches implements Iterator<Batch>, Iterable<Batch>, AutoCloseable {
  /// Batches filled or being filled beside the one in use. More only pays where the time of a batch
  /// varies much.
  private static final int AHEAD = 2;

  /// Fills a batch for a step of the epoch.
  @FunctionalInterface
  interface Filler {
    void fill(Batch batch, int step) throws IOException;
  }

  private record Prepared(Batch batch, Throwable failure) {}

  private final BlockingQueue<Batch> free = new ArrayBlockingQueue<>(AHEAD + 1);
  private final BlockingQueue<Prepared> ready = new ArrayBlockingQueue<>(AHEAD + 1);
  private final Thread thread;
  private final int steps;
  private int next;
  private Batch inUse;
  private boolean closed;

  Batches(int firstStep, int steps, Supplier<Batch> buffers, Filler filler) {
    this.steps = steps;
    this.next = firstStep;
    for (int i = 0; i < Math.min(AHEAD + 1, steps - firstStep); i++) {
      free.add(buffers.get());
    }
    thread = Thread.ofPlatform().daemon().name("batches").unstarted(() -> run(firstStep, filler));
    thread.start();
  }

  private void run(int firstStep, Filler filler) {
    try {
      for (int step = firstStep; step < steps; step++) {
        Batch batch = free.take();
        filler.fill(batch, step);
        ready.put(new Prepared(batch, null));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: nobody waits for more
    } catch (Throwable e) {
      // There is room: this thread holds a buffer that it has not put.
      ready.add(new Prepared(null, e));
    }
  }

  @Override
  public Iterator<Batch> iterator() {
    return this;
  }

  @Override
  public boolean hasNext() {
    return next < steps;
  }

  /// The next batch; the one before it may be overwritten from now on.
  @Override
  public Batch next() {
    if (closed) {
      throw new IllegalStateException("these batches are closed");
    }
    if (!hasNext()) {
      throw new NoSuchElementException("the epoch has " + steps + " steps");
    }
    if (inUse != null) {
      free.add(inUse);
      inUse = null;
    }
    Prepared prepared;
    try {
      prepared = ready.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new IllegalStateException("interrupted while waiting for a batch", e);
    }
    if (prepared.failure != null) {
      close();
      switch (prepared.failure) {
        case IOException e -> throw new UncheckedIOException(e);
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new IllegalStateException(prepared.failure);
      }
    }
    next++;
    inUse = prepared.batch;
    return inUse;
  }

  /// Stops the preparation. Returns at once, even where a sample hangs: the thread is a daemon and
  /// ends after the sample in hand.
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
