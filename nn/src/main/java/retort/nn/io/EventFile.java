package retort.nn.io;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/// Writes scalars for TensorBoard: records of a length, its checksum, an `Event` message of
/// protocol buffers and its checksum (TensorFlow's record_writer.h and event.proto).
///
/// Each scalar is on its way to the disk when `scalar` returns, so a killed run keeps what it
/// logged.
public final class EventFile implements AutoCloseable {
  private final OutputStream out;

  /// Makes a file in this folder, named as TensorBoard looks for it. `wallTime` is in seconds.
  public EventFile(Path folder, double wallTime) throws IOException {
    Files.createDirectories(folder);
    String name = String.format("events.out.tfevents.%010d.retort", (long) wallTime);
    out =
        Files.newOutputStream(
            folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    Message event = new Message();
    event.fixed64(1, wallTime);
    event.bytes(3, "brain.Event:2".getBytes(StandardCharsets.UTF_8));
    record(event);
  }

  public void scalar(String tag, long step, double value, double wallTime) throws IOException {
    Message scalar = new Message();
    scalar.bytes(1, tag.getBytes(StandardCharsets.UTF_8));
    scalar.fixed32(2, (float) value);
    Message summary = new Message();
    summary.bytes(1, scalar.toByteArray());
    Message event = new Message();
    event.fixed64(1, wallTime);
    event.varint(2, step);
    event.bytes(5, summary.toByteArray());
    record(event);
  }

  private void record(Message event) throws IOException {
    byte[] data = event.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(8 + 4 + data.length + 4).order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 0, 8));
    record.put(data);
    record.putInt(masked(data, 0, data.length));
    out.write(record.array());
    out.flush();
  }

  /// TensorFlow stores checksums rotated and shifted, so that data with checksums inside can be
  /// checksummed again.
  private static int masked(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /// A message of protocol buffers under construction.
  private static final class Message extends ByteArrayOutputStream {
    private void tag(int field, int wire) {
      plain((long) field << 3 | wire);
    }

    private void plain(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        write((int) (left & 0x7f | 0x80));
        left >>>= 7;
      }
      write((int) left);
    }

    void varint(int field, long value) {
      tag(field, 0);
      plain(value);
    }

    void fixed64(int field, double value) {
      tag(field, 1);
      writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(value).array());
    }

    void fixed32(int field, float value) {
      tag(field, 5);
      writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    void bytes(int field, byte[] value) {
      tag(field, 2);
      plain(value.length);
      writeBytes(value);
    }
  }
}
