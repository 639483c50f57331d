package retort.gpu;

import java.nio.ByteBuffer;
import jcuda.driver.CUevent;

/// The way between the host's arrays and the card: through memory that the card reads by itself,
/// two halves in turn. So an upload returns when the numbers are in a half, and the host prepares
/// the next batch while the card still works on this one.
final class Staging {
  /// Large enough that a copy's start costs nothing beside it.
  private static final int HALF = 4 << 20;

  /// Puts a part of a transfer into a half, or takes it out.
  interface Part {
    void at(ByteBuffer half, int from, int count);
  }

  private final Driver driver;
  private final Queue queue;
  private final ByteBuffer[] halves = new ByteBuffer[2];
  private final CUevent[] done = new CUevent[2];
  private int turn;

  Staging(Driver driver, Queue queue) {
    this.driver = driver;
    this.queue = queue;
    for (int i = 0; i < 2; i++) {
      halves[i] = driver.pinned(HALF);
      done[i] = driver.event();
    }
  }

  /// n numbers of four bytes.
  void upload(int n, long to, Part fill) {
    queue.flush(); // what was asked before may still use the place
    int most = HALF / Float.BYTES;
    for (int at = 0; at < n; at += most) {
      int count = Math.min(most, n - at);
      turn = 1 - turn;
      driver.await(done[turn]);
      fill.at(halves[turn].clear(), at, count);
      driver.upload(halves[turn].clear(), count * Float.BYTES, to + (long) at * Float.BYTES);
      driver.record(done[turn]);
    }
  }

  /// n numbers of so many bytes.
  void download(int n, int bytes, long from, Part drain) {
    queue.flush();
    int most = HALF / bytes;
    for (int at = 0; at < n; at += most) {
      int count = Math.min(most, n - at);
      turn = 1 - turn;
      driver.await(done[turn]);
      driver.download(from + (long) at * bytes, halves[turn].clear(), count * bytes);
      drain.at(halves[turn].clear(), at, count);
    }
  }
}
