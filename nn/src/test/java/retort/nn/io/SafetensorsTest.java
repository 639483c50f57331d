package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.nn.SharedData;

class SafetensorsTest {
  @TempDir Path folder;

  @Test
  void readsWhatTorchWrote() throws IOException {
    ArrayFile file = Safetensors.read(SharedData.file("formats/state_dict.safetensors"));
    Expected.check(file);
    assertThat(file.metadata()).containsEntry("format", "pt");
    assertThat(file.get("half").type()).isEqualTo(ElementType.F16);
    assertThat(file.get("bf16").type()).isEqualTo(ElementType.BF16);
    assertThat(file.get("bn1.num_batches_tracked").longs()).containsExactly(1234);
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path path = folder.resolve("file.safetensors");
    Safetensors.write(
        path,
        List.of(
            StoredArray.of("w", new int[] {2, 2}, new float[] {1, -2.5f, Float.NaN, 3e-40f}),
            StoredArray.of("d", new int[] {1}, new double[] {Math.PI}),
            StoredArray.of("n", new int[] {}, new long[] {Long.MIN_VALUE}),
            StoredArray.of("u", new int[] {3}, new byte[] {0, 1, -1}),
            StoredArray.of("empty", new int[] {0, 4}, new float[0])),
        Map.of("step", "12", "note", "quote \" and ü"));
    ArrayFile file = Safetensors.read(path);
    assertThat(file.metadata()).isEqualTo(Map.of("step", "12", "note", "quote \" and ü"));
    assertThat(file.arrays().keySet()).containsExactly("w", "d", "n", "u", "empty");
    assertThat(file.get("w").floats()).containsExactly(1, -2.5f, Float.NaN, 3e-40f);
    assertThat(file.get("d").doubles()).containsExactly(Math.PI);
    assertThat(file.get("n").shape()).isEmpty();
    assertThat(file.get("n").longs()).containsExactly(Long.MIN_VALUE);
    assertThat(file.get("u").ints()).containsExactly(0, 1, 255);
    assertThat(file.get("empty").shape()).containsExactly(0, 4);
    ByteBuffer head = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(head.getLong() % 8).as("aligned data").isZero();
  }

  @Test
  void readsEveryType() throws IOException {
    Path file =
        file(
            """
            {"f16":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},\
            "bf16":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]},\
            "i32":{"dtype":"I32","shape":[1],"data_offsets":[6,10]},\
            "bool":{"dtype":"BOOL","shape":[2],"data_offsets":[10,12]},\
            "u8":{"dtype":"U8","shape":[1],"data_offsets":[12,13]}}\
            """,
            bytes(0x00, 0x3c, 0x01, 0x00, 0xc0, 0xbf, 0xfe, 0xff, 0xff, 0xff, 0, 1, 200));
    ArrayFile read = Safetensors.read(file);
    assertThat(read.get("f16").doubles()).containsExactly(1, 0x1p-24);
    assertThat(read.get("bf16").floats()).containsExactly(-1.5f);
    assertThat(read.get("i32").ints()).containsExactly(-2);
    assertThat(read.get("bool").ints()).containsExactly(0, 1);
    assertThat(read.get("u8").floats()).containsExactly(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}' | tensor a: F32[2] takes 8 bytes, its offsets are [0, 4]
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}' | tensor a leaves a hole before it: it begins at 4, the data before it ends at 0
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}' | tensor b overlaps the one before it: it begins at 2, the data before it ends at 4
          '{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}' | truncated: the header describes 16 bytes of data, the file has 8
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}' | bytes after the last tensor: the header describes 4 bytes of data, the file has 8
          '{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}' | tensor a has element type F4, which is not read
          '{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}' | broken safetensors header: integer overflow
          '{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,4]}}' | tensor a: the shape overflows
          '{"a":{"dtype":"F32","shape":[-2],"data_offsets":[8,0]}}' | broken safetensors header: array a: negative extent in shape [-2]
          '{"a":1' | broken safetensors header: JSON, offset 6: expected '}'
          """)
  void refusesABadHeader(String header, String message) throws IOException {
    Path file = file(header, new byte[8]);
    assertThatThrownBy(() -> Safetensors.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessage(file + ": " + message);
  }

  @Test
  void refusesWhatIsNoSafetensorsFile() throws IOException {
    Path small = Files.write(folder.resolve("small"), new byte[3]);
    assertThatThrownBy(() -> Safetensors.read(small))
        .hasMessage(small + ": not a safetensors file: only 3 bytes long");
    Path other = Files.writeString(folder.resolve("other"), "PK..................");
    assertThatThrownBy(() -> Safetensors.read(other))
        .hasMessageStartingWith(other + ": not a safetensors file, or truncated: a header of ")
        .hasMessageEndingWith(" bytes in a file of 20");
  }

  @Test
  void anyTruncationIsRefused() throws IOException {
    Path whole = folder.resolve("whole");
    Safetensors.write(whole, List.of(StoredArray.of("w", new int[] {3}, new float[3])), Map.of());
    byte[] bytes = Files.readAllBytes(whole);
    for (int length = 0; length < bytes.length; length++) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> Safetensors.read(cut)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void refusesTwoArraysOfOneName() {
    StoredArray a = StoredArray.of("a", new int[] {1}, new float[1]);
    assertThatThrownBy(() -> Safetensors.write(folder.resolve("x"), List.of(a, a), Map.of()))
        .hasMessage("two arrays are named a");
  }

  private Path file(String header, byte[] data) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out =
        ByteBuffer.allocate(8 + json.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(json.length).put(json).put(data);
    return Files.write(folder.resolve("made.safetensors"), out.array());
  }

  private static byte[] bytes(int... values) {
    byte[] out = new byte[values.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) values[i];
    }
    return out;
  }
}
