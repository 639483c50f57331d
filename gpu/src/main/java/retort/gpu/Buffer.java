package retort.gpu;

import java.lang.ref.Cleaner;
import java.util.concurrent.ConcurrentLinkedQueue;
import retort.tensor.Span;

/// Memory of the card: what a [Span] of this device lies in. It ends when it is told to, or when
/// nothing refers to it any more, for whoever forgets a tensor needn't give it back; its place is
/// then free.
final class Buffer implements Comparable<Buffer> {
  private static final Cleaner CLEANER = Cleaner.create();

  private final Place place;
  private final Cleaner.Cleanable ending;

  /// @param bytes all of it, the part that rounding added included
  record Place(long address, long bytes) {}

  /// @param ended where its place goes in the end, by whatever thread
  Buffer(Place place, ConcurrentLinkedQueue<Place> ended) {
    this.place = place;
    ending = CLEANER.register(this, () -> ended.add(place));
  }

  void end() {
    ending.clean();
  }

  long address() {
    return place.address;
  }

  long bytes() {
    return place.bytes;
  }

  @Override
  public int compareTo(Buffer other) {
    return Long.compareUnsigned(address(), other.address());
  }

  static long address(Span s) {
    return ((Buffer) s.array()).address() + (long) Float.BYTES * s.at();
  }
}
