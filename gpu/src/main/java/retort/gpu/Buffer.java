package retort.gpu;

import retort.tensor.Span;

/// Memory of the card: what a [Span] of this device lies in.
///
/// @param bytes all of it, the part that rounding added included
record Buffer(long address, long bytes) implements Comparable<Buffer> {
  @Override
  public int compareTo(Buffer other) {
    return Long.compareUnsigned(address, other.address);
  }

  static long address(Span s) {
    return ((Buffer) s.array()).address() + (long) Float.BYTES * s.at();
  }
}
