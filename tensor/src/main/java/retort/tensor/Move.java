package retort.tensor;

import java.util.Arrays;

/// A copy between two strided views: for every index over `dims`, the number at `fromAt + index .
/// from` goes to `toAt + index . to`. A zero stride in `from` repeats, a zero stride in `to` sums
/// (in an adding [Slot]); permute, expand, concat, narrow and pad are all this.
public record Move(int[] dims, int[] from, int fromAt, int[] to, int toAt) {
  public Move {
    if (dims.length != from.length || dims.length != to.length) {
      throw new IllegalArgumentException(
          "move: dims, from and to want one number an axis, got "
              + Arrays.toString(dims)
              + ", "
              + Arrays.toString(from)
              + ", "
              + Arrays.toString(to));
    }
  }

  /// The way back: what came from `from` returns there.
  public Move reversed() {
    return new Move(dims, to, toAt, from, fromAt);
  }

  public int size() {
    int n = 1;
    for (int d : dims) n *= d;
    return n;
  }
}
