package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileTest {
  @TempDir Path folder;

  @Test
  void protobufReadsTheEventsBack() throws IOException {
    try (EventFile events = new EventFile(folder.resolve("run"), 1700000000.25)) {
      events.scalar("loss/kd", 300, 0.5, 1700000001);
      events.scalar("accuracy", 1L << 40, -2.25, 1700000002);
    }
    List<UnknownFieldSet> read = read();
    assertThat(read).hasSize(3);
    assertThat(read.get(0).getField(3).getLengthDelimitedList())
        .containsExactly(ByteString.copyFromUtf8("brain.Event:2"));
    assertThat(time(read.get(0))).isEqualTo(1700000000.25);
    checkScalar(read.get(1), "loss/kd", 300, 0.5f, 1700000001);
    checkScalar(read.get(2), "accuracy", 1L << 40, -2.25f, 1700000002);
  }

  private static void checkScalar(
      UnknownFieldSet event, String tag, long step, float value, double time) throws IOException {
    assertThat(time(event)).isEqualTo(time);
    assertThat(event.getField(2).getVarintList()).containsExactly(step);
    UnknownFieldSet summary =
        UnknownFieldSet.parseFrom(event.getField(5).getLengthDelimitedList().getFirst());
    UnknownFieldSet scalar =
        UnknownFieldSet.parseFrom(summary.getField(1).getLengthDelimitedList().getFirst());
    assertThat(scalar.getField(1).getLengthDelimitedList().getFirst().toStringUtf8())
        .isEqualTo(tag);
    assertThat(Float.intBitsToFloat(scalar.getField(2).getFixed32List().getFirst()))
        .isEqualTo(value);
  }

  private static double time(UnknownFieldSet event) {
    return Double.longBitsToDouble(event.getField(1).getFixed64List().getFirst());
  }

  private List<UnknownFieldSet> read() throws IOException {
    Path file;
    try (Stream<Path> files = Files.list(folder.resolve("run"))) {
      file = files.findFirst().orElseThrow();
    }
    assertThat(file.getFileName().toString()).startsWith("events.out.tfevents.1700000000.");
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<UnknownFieldSet> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] head = new byte[8];
      in.get(in.position(), head);
      int length = (int) in.getLong();
      assertThat(in.getInt()).isEqualTo(masked(head));
      byte[] data = new byte[length];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(masked(data));
      events.add(UnknownFieldSet.parseFrom(data));
    }
    return events;
  }

  private static int masked(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    int sum = (int) crc.getValue();
    return (sum >>> 15 | sum << 17) + 0xa282ead8;
  }
}
