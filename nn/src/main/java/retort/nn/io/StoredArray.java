package retort.nn.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A named array as files hold it: an element type, a shape and the elements.
///
/// Whatever the file's own order was, the bytes here are contiguous, row-major and little-endian,
/// so that each reader converts once and nothing after it needs to know where the array came from.
public final class StoredArray {
  private final String name;
  private final ElementType type;
  private final int[] shape;
  private final byte[] bytes;

  /// Takes `bytes` over, without a copy.
  StoredArray(String name, ElementType type, int[] shape, byte[] bytes) {
    long expected = count(name, shape) * type.bytes();
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "array "
              + name
              + ": "
              + type
              + Arrays.toString(shape)
              + " takes "
              + expected
              + " bytes, got "
              + bytes.length);
    }
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.bytes = bytes;
  }

  public static StoredArray of(String name, int[] shape, float[] values) {
    ByteBuffer out = littleEndian(values.length, 4);
    out.asFloatBuffer().put(values);
    return new StoredArray(name, ElementType.F32, shape, out.array());
  }

  public static StoredArray of(String name, int[] shape, double[] values) {
    ByteBuffer out = littleEndian(values.length, 8);
    out.asDoubleBuffer().put(values);
    return new StoredArray(name, ElementType.F64, shape, out.array());
  }

  public static StoredArray of(String name, int[] shape, long[] values) {
    ByteBuffer out = littleEndian(values.length, 8);
    out.asLongBuffer().put(values);
    return new StoredArray(name, ElementType.I64, shape, out.array());
  }

  public static StoredArray of(String name, int[] shape, byte[] values) {
    return new StoredArray(name, ElementType.U8, shape, values.clone());
  }

  public String name() {
    return name;
  }

  public ElementType type() {
    return type;
  }

  /// The extents, outermost first; empty for a scalar.
  public int[] shape() {
    return shape.clone();
  }

  /// The number of elements.
  public int size() {
    return bytes.length / type.bytes();
  }

  /// The elements as row-major little-endian bytes; read-only.
  public ByteBuffer data() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  public StoredArray renamed(String newName) {
    return new StoredArray(newName, type, shape, bytes);
  }

  public float[] floats() {
    float[] out = new float[size()];
    ByteBuffer in = data();
    if (type == ElementType.F32) {
      in.asFloatBuffer().get(out);
    } else {
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) type.doubleAt(in, i);
      }
    }
    return out;
  }

  public double[] doubles() {
    double[] out = new double[size()];
    ByteBuffer in = data();
    for (int i = 0; i < out.length; i++) {
      out[i] = type.doubleAt(in, i);
    }
    return out;
  }

  /// The elements as longs; floating elements must be whole numbers.
  public long[] longs() {
    long[] out = new long[size()];
    ByteBuffer in = data();
    for (int i = 0; i < out.length; i++) {
      try {
        out[i] = type.longAt(in, i);
      } catch (ArithmeticException e) {
        throw new ArithmeticException("array " + name + ": " + e.getMessage());
      }
    }
    return out;
  }

  /// The elements as ints; each must be a whole number that fits.
  public int[] ints() {
    long[] wide = longs();
    int[] out = new int[wide.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) wide[i];
      if (out[i] != wide[i]) {
        throw new ArithmeticException(
            "array " + name + ": element " + i + " is " + wide[i] + ", too large for an int");
      }
    }
    return out;
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }

  byte[] bytes() {
    return bytes;
  }

  /// The product of the extents, as a long so that the caller can refuse what is too large.
  static long count(String name, int[] shape) {
    long n = 1;
    for (int extent : shape) {
      if (extent < 0) {
        throw new IllegalArgumentException(
            "array " + name + ": negative extent in shape " + Arrays.toString(shape));
      }
      n = Math.multiplyExact(n, (long) extent);
    }
    return n;
  }

  private static ByteBuffer littleEndian(int count, int width) {
    return ByteBuffer.allocate(Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
