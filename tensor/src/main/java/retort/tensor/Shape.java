package retort.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;

/// The extents of a row-major block of numbers, outermost first. Images are `[n, h, w, c]`. A
/// scalar is the empty shape `[]`, of size 1.
public final class Shape {
  private static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    long n = 1;
    for (int d : dims) {
      if (d < 0)
        throw new ShapeException("shape " + Arrays.toString(dims) + ": an extent is negative");
      n *= d;
      if (n > Integer.MAX_VALUE - 64) {
        throw new ShapeException(
            "shape " + Arrays.toString(dims) + ": more than 2^31 - 65 numbers; split the batch");
      }
    }
    size = (int) n;
  }

  public static Shape of(int... dims) {
    return dims.length == 0 ? SCALAR : new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  /// How many numbers the block holds.
  public int size() {
    return size;
  }

  /// The extent of an axis; negative axes count from the end.
  public int at(int axis) {
    return dims[axis(axis)];
  }

  /// The last extent.
  public int last() {
    return at(-1);
  }

  /// An axis as a number from 0; negative axes count from the end.
  public int axis(int axis) {
    int i = axis < 0 ? axis + dims.length : axis;
    if (i < 0 || i >= dims.length) {
      throw new ShapeException(
          "axis " + axis + " is outside a shape of rank " + rank() + ", " + this);
    }
    return i;
  }

  /// The product of the extents from one axis up to, and without, another.
  public int span(int from, int to) {
    int n = 1;
    for (int i = from; i < to; i++) n *= dims[i];
    return n;
  }

  /// How many rows there are when the last axis is one row.
  public int rows() {
    return rank() == 0 ? 1 : span(0, rank() - 1);
  }

  /// This shape with one extent changed.
  public Shape with(int axis, int extent) {
    int[] d = dims.clone();
    d[axis(axis)] = extent;
    return of(d);
  }

  /// This shape without some axes, from one up to, and without, another.
  public Shape without(int from, int to) {
    int[] d = new int[rank() - (to - from)];
    System.arraycopy(dims, 0, d, 0, from);
    System.arraycopy(dims, to, d, from, rank() - to);
    return of(d);
  }

  /// This shape with an axis of extent `n` put in before `axis`.
  public Shape insert(int axis, int n) {
    int[] d = new int[rank() + 1];
    System.arraycopy(dims, 0, d, 0, axis);
    d[axis] = n;
    System.arraycopy(dims, axis, d, axis + 1, rank() - axis);
    return of(d);
  }

  /// How far apart neighbours along each axis lie in memory.
  public int[] strides() {
    int[] s = new int[rank()];
    for (int i = rank() - 1, n = 1; i >= 0; n *= dims[i--]) s[i] = n;
    return s;
  }

  public int[] toArray() {
    return dims.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(", ", "[", "]"));
  }
}
