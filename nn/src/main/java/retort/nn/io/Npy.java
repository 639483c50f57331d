package retort.nn.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// numpy's npy format: a magic, a version, a header that is a Python dict of the element type, the
/// order and the shape, then the bytes.
///
/// Fortran order and big-endian elements are turned into row-major little-endian while reading.
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /// numpy's own bound on headers.
  private static final int MAX_HEADER = 10_000;

  private static final Pattern DESCR = field("'([^']*)'", "descr");
  private static final Pattern ORDER = field("(True|False)", "fortran_order");
  private static final Pattern SHAPE = field("\\(([0-9, ]*)\\)", "shape");

  private Npy() {}

  private static Pattern field(String value, String name) {
    return Pattern.compile("'" + name + "'\\s*:\\s*" + value);
  }

  public static StoredArray read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      String name = file.getFileName().toString();
      return read(in, name.endsWith(".npy") ? name.substring(0, name.length() - 4) : name, file);
    }
  }

  /// Reads one array to the end of the stream. `file` is what messages call it.
  static StoredArray read(InputStream in, String name, Object file) throws IOException {
    byte[] head = in.readNBytes(8);
    if (head.length < 8 || !Arrays.equals(Arrays.copyOf(head, 6), MAGIC)) {
      throw new FormatException(file, "not an npy file");
    }
    int version = head[6];
    if (version < 1 || version > 3) {
      throw new FormatException(file, "npy version " + version + "; versions 1 to 3 are read");
    }
    byte[] lengthBytes = Arrays.copyOf(in.readNBytes(version == 1 ? 2 : 4), 4);
    int length = ByteBuffer.wrap(lengthBytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
    if (length < 0 || length > MAX_HEADER) {
      throw new FormatException(file, "npy header of " + length + " bytes; refused");
    }
    byte[] headerBytes = in.readNBytes(length);
    if (headerBytes.length < length) {
      throw new FormatException(file, "truncated in its npy header");
    }
    String header = new String(headerBytes, StandardCharsets.UTF_8);
    String descr = find(DESCR, header, "element type", file);
    boolean fortran = find(ORDER, header, "order", file).equals("True");
    int[] shape;
    long expected;
    try {
      shape =
          Arrays.stream(find(SHAPE, header, "shape", file).split(","))
              .map(String::strip)
              .filter(s -> !s.isEmpty())
              .mapToInt(Integer::parseInt)
              .toArray();
      expected = Math.multiplyExact(StoredArray.count(name, shape), (long) type(descr).bytes());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new FormatException(file, "array " + name + ": " + e.getMessage(), e);
    }
    if (expected > Integer.MAX_VALUE - 8) {
      throw new FormatException(
          file, "array " + name + " has " + expected + " bytes; at most 2 GiB an array are read");
    }
    byte[] bytes = in.readNBytes((int) expected);
    if (bytes.length < expected) {
      throw new FormatException(
          file,
          "truncated: array "
              + name
              + " of shape "
              + Arrays.toString(shape)
              + " needs "
              + expected
              + " bytes, there are "
              + bytes.length);
    }
    return decode(name, descr, shape, fortran, bytes);
  }

  private static String find(Pattern pattern, String header, String what, Object file)
      throws FormatException {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw new FormatException(
          file,
          "no plain "
              + what
              + " in the npy header "
              + header.strip()
              + "; only arrays of numbers are read");
    }
    return matcher.group(1);
  }

  /// Writes atomically.
  public static void write(Path file, StoredArray array) throws IOException {
    AtomicFile.write(file, out -> write(out, array));
  }

  static void write(OutputStream out, StoredArray array) throws IOException {
    String shape = Arrays.toString(array.shape()).replace('[', '(').replace(']', ')');
    if (array.shape().length == 1) {
      shape = shape.replace(")", ",)");
    }
    String header =
        "{'descr': '" + descr(array) + "', 'fortran_order': False, 'shape': " + shape + ", }";
    // The data begins at a multiple of 64 bytes; the header ends with a line feed.
    int padding = -(MAGIC.length + 4 + header.length() + 1) & 63;
    byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    out.write(MAGIC);
    out.write(new byte[] {1, 0, (byte) text.length, (byte) (text.length >> 8)});
    out.write(text);
    out.write(array.bytes());
  }

  private static String descr(StoredArray array) {
    return switch (array.type()) {
      case F16 -> "<f2";
      case F32 -> "<f4";
      case F64 -> "<f8";
      case I8 -> "|i1";
      case I16 -> "<i2";
      case I32 -> "<i4";
      case I64 -> "<i8";
      case U8 -> "|u1";
      case U16 -> "<u2";
      case U32 -> "<u4";
      case BOOL -> "|b1";
      case BF16 ->
          throw new IllegalArgumentException(
              "array " + array.name() + ": numpy has no bfloat16; write it as floats");
    };
  }

  /// The array that `bytes` hold, in numpy's terms; takes the bytes over.
  static StoredArray decode(String name, String descr, int[] shape, boolean fortran, byte[] bytes) {
    ElementType type = type(descr);
    StoredArray array = new StoredArray(name, type, shape, bytes);
    if (descr.charAt(0) == '>') {
      swap(bytes, type.bytes());
    }
    return fortran && shape.length > 1 ? rowMajor(array) : array;
  }

  private static ElementType type(String descr) {
    String code = descr.isEmpty() || "<>|=".indexOf(descr.charAt(0)) < 0 ? "" : descr.substring(1);
    return switch (code) {
      case "f2" -> ElementType.F16;
      case "f4" -> ElementType.F32;
      case "f8" -> ElementType.F64;
      case "i1" -> ElementType.I8;
      case "i2" -> ElementType.I16;
      case "i4" -> ElementType.I32;
      case "i8" -> ElementType.I64;
      case "u1" -> ElementType.U8;
      case "u2" -> ElementType.U16;
      case "u4" -> ElementType.U32;
      case "b1" -> ElementType.BOOL;
      default -> throw new IllegalArgumentException("element type " + descr + " is not read");
    };
  }

  /// Reverses the bytes of each element.
  static void swap(byte[] bytes, int width) {
    for (int i = 0; i < bytes.length; i += width) {
      for (int a = i, b = i + width - 1; a < b; a++, b--) {
        byte held = bytes[a];
        bytes[a] = bytes[b];
        bytes[b] = held;
      }
    }
  }

  private static StoredArray rowMajor(StoredArray fortran) {
    int[] shape = fortran.shape();
    long[] strides = new long[shape.length];
    long stride = 1;
    for (int i = 0; i < shape.length; i++) {
      strides[i] = stride;
      stride *= shape[i];
    }
    byte[] bytes = gather(fortran.bytes(), fortran.type().bytes(), 0, shape, strides);
    return new StoredArray(fortran.name(), fortran.type(), shape, bytes);
  }

  /// The elements of a strided view, row-major; offset and strides count elements.
  static byte[] gather(byte[] source, int width, long offset, int[] shape, long[] strides) {
    int count = 1;
    for (int extent : shape) {
      count *= extent;
    }
    byte[] out = new byte[count * width];
    int[] index = new int[shape.length];
    long from = offset;
    for (int i = 0; i < count; i++) {
      System.arraycopy(source, Math.toIntExact(from * width), out, i * width, width);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        from -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return out;
  }
}
