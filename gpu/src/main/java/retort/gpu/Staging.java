package retort.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import jcuda.driver.CUevent;
import retort.tensor.OutOfDeviceMemory;

/// The way between the host's arrays and the card, past the work that is under way there.
///
/// Numbers go into a room of the host's memory that the card reads by itself, from there by a
/// stream of their own into a room on the card, and from there to their place by a kernel, in the
/// order of all other work. So an upload returns when its numbers are in the first room, and while
/// the card works on one step the next batch is copied there; of the whole way the kernel alone
/// takes the card's time.
final class Staging {
  /// Bytes of a room: a copy's start costs nothing beside so many.
  private static final int ROOM = 4 << 20;

  /// Rooms at most: more than 200 images of 224x224 pixels are then under way. Where the card lags
  /// further behind, the host waits for it.
  private static final int MOST = 32;

  /// What is copied begins where the card reads whole lines.
  private static final int GRAIN = 512;

  /// Puts a part of a transfer into a room, or takes it out.
  interface Part {
    void at(ByteBuffer room, int from, int count);
  }

  private final Driver driver;
  private final Queue queue;
  private final Launcher launcher;
  private final List<Room> rooms = new ArrayList<>();
  private final ByteBuffer back;
  private int current;

  /// Memory of the host and as much of the card.
  private final class Room {
    final ByteBuffer host = driver.pinned(ROOM);
    final long card;
    final CUevent arrived = driver.event();
    final CUevent emptied = driver.event();
    boolean left = true;
    int used;

    Room(long card) {
      this.card = card;
    }

    /// Everything in it is asked to be taken out.
    void leave() {
      left = false;
      queue.afterwards(() -> {
        driver.record(emptied);
        left = true;
      });
    }

    boolean isEmpty() {
      return left && driver.isDone(emptied);
    }

    void empty() {
      if (!left) queue.flush();
      driver.await(emptied);
      used = 0;
    }

    void send(int count, int from, Part fill, long to) {
      int bytes = count * Float.BYTES;
      ByteBuffer part = host.slice(used, bytes).order(ByteOrder.nativeOrder());
      fill.at(part, from, count);
      driver.upload(part, bytes, card + used, arrived);
      launcher.each("land", count, count, card + used, to);
      used = Math.min(ROOM, (used + bytes + GRAIN - 1) / GRAIN * GRAIN);
    }
  }

  Staging(Driver driver, Queue queue, Launcher launcher) {
    this.driver = driver;
    this.queue = queue;
    this.launcher = launcher;
    back = driver.pinned(ROOM);
    if (!build()) throw new OutOfDeviceMemory("cuda", ROOM, 0, driver.total());
  }

  /// n numbers of four bytes. The same upload is always cut alike, so that the work of a step comes
  /// again as it was.
  void upload(int n, long to, Part fill) {
    int most = ROOM / Float.BYTES;
    if ((long) n * Float.BYTES > ROOM - rooms.get(current).used) turn();
    for (int at = 0; at < n; at += most) {
      if (at > 0) turn();
      rooms.get(current).send(Math.min(most, n - at), at, fill, to + (long) at * Float.BYTES);
    }
  }

  /// On to the next room: one that is empty, or a new one, or the first that will be.
  private void turn() {
    rooms.get(current).leave();
    int next = (current + 1) % rooms.size();
    boolean built = !rooms.get(next).isEmpty() && rooms.size() < MOST && build();
    if (!built) current = next;
    rooms.get(current).empty();
  }

  /// Puts a room after the current one, unless the card has no memory for it.
  private boolean build() {
    long card = driver.allocate(ROOM);
    if (card == 0) return false;
    if (!rooms.isEmpty()) current++;
    rooms.add(current, new Room(card));
    return true;
  }

  /// n numbers of so many bytes, when all that was asked before is done.
  void download(int n, int bytes, long from, Part drain) {
    queue.flush();
    int most = ROOM / bytes;
    for (int at = 0; at < n; at += most) {
      int count = Math.min(most, n - at);
      driver.download(from + (long) at * bytes, back.clear(), count * bytes);
      drain.at(back.clear(), at, count);
    }
  }
}
