package retort.nn.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The safetensors format: eight bytes of header length, a JSON header that gives each tensor its
/// element type, shape and byte range, then the bytes, row-major and little-endian.
///
/// The reader trusts nothing: ranges must lie in the file, fit their shapes and together cover the
/// data exactly once, as the format's own specification demands.
public final class Safetensors {
  /// The format's own limit on the header.
  private static final long MAX_HEADER = 100_000_000;

  private static final String METADATA = "__metadata__";

  private Safetensors() {}

  private record Range(String name, ElementType type, int[] shape, long begin, long end) {}

  public static ArrayFile read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      if (size < 8) {
        throw new FormatException(file, "not a safetensors file: only " + size + " bytes long");
      }
      long header = bytes(channel, 0, 8, file).getLong();
      if (header < 2 || header > Math.min(MAX_HEADER, size - 8)) {
        throw new FormatException(
            file,
            "not a safetensors file, or truncated: a header of "
                + header
                + " bytes in a file of "
                + size);
      }
      String text = StandardCharsets.UTF_8.decode(bytes(channel, 8, (int) header, file)).toString();
      Map<String, String> metadata = new LinkedHashMap<>();
      List<Range> ranges = new ArrayList<>();
      parseHeader(file, text, metadata, ranges);
      long data = 8 + header;
      checkCover(file, ranges, size - data);
      List<StoredArray> arrays = new ArrayList<>();
      for (Range r : ranges) {
        int length = (int) (r.end - r.begin);
        ByteBuffer content = bytes(channel, data + r.begin, length, file);
        arrays.add(new StoredArray(r.name, r.type, r.shape, content.array()));
      }
      return ArrayFile.of(arrays, metadata);
    }
  }

  /// Writes atomically; an array keeps its element type. Types that the format lacks don't exist
  /// here.
  public static void write(Path file, Collection<StoredArray> arrays, Map<String, String> metadata)
      throws IOException {
    ArrayFile contents = ArrayFile.of(List.copyOf(arrays), metadata);
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(METADATA, metadata);
    }
    long at = 0;
    for (StoredArray array : contents.arrays().values()) {
      long end = at + array.bytes().length;
      List<Integer> shape = new ArrayList<>();
      for (int extent : array.shape()) {
        shape.add(extent);
      }
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("dtype", array.type().name());
      entry.put("shape", shape);
      entry.put("data_offsets", List.of(at, end));
      if (header.put(array.name(), entry) != null) {
        throw new IllegalArgumentException("an array may not be named " + METADATA);
      }
      at = end;
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    // The data begins at a multiple of eight bytes, so that it can be mapped; the format pads with
    // spaces.
    int padding = -json.length & 7;
    AtomicFile.write(
        file,
        out -> {
          writeLong(out, json.length + padding);
          out.write(json);
          out.write(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
          for (StoredArray array : contents.arrays().values()) {
            out.write(array.bytes());
          }
        });
  }

  private static void writeLong(OutputStream out, long value) throws IOException {
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
  }

  private static void parseHeader(
      Path file, String text, Map<String, String> metadata, List<Range> ranges)
      throws FormatException {
    try {
      Map<?, ?> header = (Map<?, ?>) Json.parse(text);
      for (Map.Entry<?, ?> entry : header.entrySet()) {
        String name = (String) entry.getKey();
        Map<?, ?> value = (Map<?, ?>) entry.getValue();
        if (name.equals(METADATA)) {
          value.forEach((k, v) -> metadata.put((String) k, (String) v));
        } else {
          ranges.add(range(file, name, value));
        }
      }
    } catch (RuntimeException e) {
      throw new FormatException(file, "broken safetensors header: " + e.getMessage(), e);
    }
  }

  private static Range range(Path file, String name, Map<?, ?> value) throws FormatException {
    ElementType type;
    try {
      type = ElementType.valueOf((String) value.get("dtype"));
    } catch (IllegalArgumentException e) {
      throw new FormatException(
          file,
          "tensor " + name + " has element type " + value.get("dtype") + ", which is not read",
          e);
    }
    int[] shape =
        ((List<?>) value.get("shape")).stream().mapToInt(x -> Math.toIntExact((Long) x)).toArray();
    List<?> offsets = (List<?>) value.get("data_offsets");
    long begin = (Long) offsets.get(0);
    long end = (Long) offsets.get(1);
    long expected;
    try {
      expected = Math.multiplyExact(StoredArray.count(name, shape), (long) type.bytes());
    } catch (ArithmeticException e) {
      throw new FormatException(file, "tensor " + name + ": the shape overflows", e);
    }
    if (offsets.size() != 2 || begin < 0 || end - begin != expected) {
      throw new FormatException(
          file,
          "tensor "
              + name
              + ": "
              + type
              + value.get("shape")
              + " takes "
              + expected
              + " bytes, its offsets are "
              + offsets);
    }
    if (expected > Integer.MAX_VALUE - 8) {
      throw new FormatException(
          file, "tensor " + name + " has " + expected + " bytes; at most 2 GiB a tensor are read");
    }
    return new Range(name, type, shape, begin, end);
  }

  private static void checkCover(Path file, List<Range> ranges, long length)
      throws FormatException {
    List<Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Range::begin).thenComparingLong(Range::end));
    long at = 0;
    for (Range r : sorted) {
      if (r.begin != at) {
        throw new FormatException(
            file,
            "tensor "
                + r.name
                + (r.begin < at ? " overlaps the one before it" : " leaves a hole before it")
                + ": it begins at "
                + r.begin
                + ", the data before it ends at "
                + at);
      }
      at = r.end;
    }
    if (at != length) {
      throw new FormatException(
          file,
          (at > length ? "truncated: " : "bytes after the last tensor: ")
              + "the header describes "
              + at
              + " bytes of data, the file has "
              + length);
    }
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int length, Path file)
      throws IOException {
    ByteBuffer out = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (out.hasRemaining()) {
      if (channel.read(out, from + out.position()) < 0) {
        throw new FormatException(file, "truncated while it was read");
      }
    }
    return out.flip();
  }
}
