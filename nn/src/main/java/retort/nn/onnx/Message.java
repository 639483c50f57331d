package retort.nn.onnx;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// A Protocol Buffers message on its way out: fields one after another, each with its number and
/// wire type (the encoding is that of protobuf.dev/programming-guides/encoding). Messages within
/// messages share their bytes, so a net's weights are held once.
final class Message {
  private static final int VARINT = 0, BYTES = 2, FIXED32 = 5;

  private final List<byte[]> parts = new ArrayList<>();
  private long size;

  Message add(int field, long value) {
    return raw(join(tag(field, VARINT), varint(value)));
  }

  Message add(int field, float value) {
    return raw(tag(field, FIXED32)).raw(littleEndian(4).putFloat(value).array());
  }

  Message add(int field, String text) {
    return add(field, text.getBytes(StandardCharsets.UTF_8));
  }

  Message add(int field, byte[] bytes) {
    return raw(join(tag(field, BYTES), varint(bytes.length))).raw(bytes);
  }

  Message add(int field, Message inner) {
    return raw(join(tag(field, BYTES), varint(inner.size))).append(inner);
  }

  /// The fields of another message, as if they had been added here.
  Message append(Message other) {
    other.parts.forEach(this::raw);
    return this;
  }

  void writeTo(OutputStream out) throws IOException {
    for (byte[] part : parts) out.write(part);
  }

  static ByteBuffer littleEndian(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Message raw(byte[] bytes) {
    parts.add(bytes);
    size += bytes.length;
    return this;
  }

  private static byte[] tag(int field, int wireType) {
    return varint((long) field << 3 | wireType);
  }

  /// Seven bits a byte, the lowest first; the highest bit says that more follow.
  private static byte[] varint(long value) {
    var out = new ByteArrayOutputStream();
    long rest = value;
    for (; (rest & ~0x7FL) != 0; rest >>>= 7) out.write((int) (rest & 0x7F | 0x80));
    out.write((int) rest);
    return out.toByteArray();
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] both = new byte[a.length + b.length];
    System.arraycopy(a, 0, both, 0, a.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
