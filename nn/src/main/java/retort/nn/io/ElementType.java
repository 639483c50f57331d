package retort.nn.io;

import java.nio.ByteBuffer;

/// The element types that array files hold. Each reads one element as a double (exact for all but
/// 64-bit integers beyond 2^53) and as a long.
public enum ElementType {
  F16(2),
  BF16(2),
  F32(4),
  F64(8),
  I8(1),
  I16(2),
  I32(4),
  I64(8),
  U8(1),
  U16(2),
  U32(4),
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  public int bytes() {
    return bytes;
  }

  public boolean isFloating() {
    return this == F16 || this == BF16 || this == F32 || this == F64;
  }

  /// Element `i` of a buffer of this type.
  double doubleAt(ByteBuffer data, int i) {
    return switch (this) {
      case F16 -> Float.float16ToFloat(data.getShort(2 * i));
      case BF16 -> Float.intBitsToFloat(data.getShort(2 * i) << 16);
      case F32 -> data.getFloat(4 * i);
      case F64 -> data.getDouble(8 * i);
      default -> longAt(data, i);
    };
  }

  /// Element `i` of a buffer of this type; floating values must be whole numbers.
  long longAt(ByteBuffer data, int i) {
    return switch (this) {
      case I8 -> data.get(i);
      case I16 -> data.getShort(2 * i);
      case I32 -> data.getInt(4 * i);
      case I64 -> data.getLong(8 * i);
      case U8 -> data.get(i) & 0xff;
      case U16 -> data.getShort(2 * i) & 0xffff;
      case U32 -> data.getInt(4 * i) & 0xffffffffL;
      case BOOL -> data.get(i) == 0 ? 0 : 1;
      case F16, BF16, F32, F64 -> {
        double value = doubleAt(data, i);
        if (value != Math.rint(value) || Math.abs(value) > 0x1p63) {
          throw new ArithmeticException("element " + i + " is " + value + ", not a whole number");
        }
        yield (long) value;
      }
    };
  }
}
