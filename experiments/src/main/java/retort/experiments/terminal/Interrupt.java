package retort.experiments.terminal;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ctrl-C as a request: the training asks [#requested()] after every step, saves a checkpoint, and
/// closes this. The Java virtual machine waits for that (a while) before it ends.
///
/// A shutdown hook rather than a signal handler: the platform has no public class for signals, and
/// a hook also sees the `kill` of a scheduler.
public final class Interrupt implements AutoCloseable {
  /// Long enough for the slowest step and a checkpoint of the largest net on a slow disk.
  private static final long PATIENCE_SECONDS = 60;

  private final CountDownLatch saved = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stop, "interrupt");
  private volatile boolean requested;

  public Interrupt() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  public boolean requested() {
    return requested;
  }

  void stop() {
    requested = true;
    try {
      saved.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Nothing is left to save.
  @Override
  public void close() {
    saved.countDown();
    if (!requested) Runtime.getRuntime().removeShutdownHook(hook);
  }
}
