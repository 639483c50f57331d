package retort.nn.data;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;
import retort.nn.io.AtomicFile;
import retort.nn.io.FormatException;
import retort.nn.io.Json;

/// A teacher's features on disk, so that a frozen teacher runs once a view and not once an epoch.
///
/// The file is memory-mapped: a header that says whose features these are, a checksum a row, the
/// rows of floats. A row counts only with its checksum, so a run may be killed at any moment and
/// the next one continues; a cache of another teacher, data set or preprocessing is refused rather
/// than used. Threads may read and write different rows.
public final class FeatureCache implements AutoCloseable {
  private static final long MAGIC = 0x4641434552544852L;
  private static final int HEADER = 4096;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /// Whose features these are: the hashes of the teacher and of the data, what was done to the
  /// images (transforms, normalisation, seed), and how many samples, views and floats a row there
  /// are.
  public record Key(
      String teacher, String data, String preprocessing, int samples, int views, int width) {
    public Key {
      if (samples < 1 || views < 1 || width < 1) {
        throw new IllegalArgumentException(
            "a cache needs samples, views and a width, got "
                + samples
                + ", "
                + views
                + ", "
                + width);
      }
    }

    private String json() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("teacher", teacher);
      fields.put("data", data);
      fields.put("preprocessing", preprocessing);
      fields.put("samples", samples);
      fields.put("views", views);
      fields.put("width", width);
      return Json.write(fields);
    }

    private long rows() {
      return (long) samples * views;
    }

    private long bytes() {
      return HEADER + rows() * 4 * (1 + width);
    }
  }

  private final Key key;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment map;

  private FeatureCache(Path file, Key key) throws IOException {
    this.key = key;
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      map = channel.map(FileChannel.MapMode.READ_WRITE, 0, key.bytes(), arena);
    }
  }

  /// Opens the cache of this key, and makes an empty one where there is none.
  public static FeatureCache open(Path file, Key key) throws IOException {
    if (Files.exists(file)) {
      check(file, key);
    } else {
      create(file, key);
    }
    return new FeatureCache(file, key);
  }

  private static void create(Path file, Key key) throws IOException {
    byte[] json = key.json().getBytes(StandardCharsets.UTF_8);
    if (json.length > HEADER - 12) {
      throw new IllegalArgumentException(
          "the key of a feature cache may have " + (HEADER - 12) + " bytes, got " + json.length);
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(json.length).put(json);
    AtomicFile.write(file, out -> out.write(header.array()));
    // Writing to a mapped file on a full disk kills the process: so ask before.
    long free = Files.getFileStore(file).getUsableSpace();
    if (free < key.bytes()) {
      Files.delete(file);
      throw new IOException(
          "no room for the feature cache "
              + file
              + ": it takes "
              + key.bytes() / (1 << 20)
              + " MiB, "
              + free / (1 << 20)
              + " MiB are free; cache fewer views or run without a cache");
    }
    try (RandomAccessFile sized = new RandomAccessFile(file.toFile(), "rw")) {
      sized.setLength(key.bytes());
    }
  }

  private static void check(Path file, Key key) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    long size;
    try (FileChannel channel = FileChannel.open(file)) {
      size = channel.size();
      channel.read(header, 0);
    }
    header.flip();
    int length = header.limit() < HEADER || header.getLong() != MAGIC ? -1 : header.getInt();
    if (length < 0 || length > header.remaining()) {
      throw new FormatException(file, "not a feature cache; give another file");
    }
    String found = new String(header.array(), 12, length, StandardCharsets.UTF_8);
    if (!found.equals(key.json())) {
      throw new FormatException(
          file,
          "the cached features are of "
              + found
              + ", asked for are those of "
              + key.json()
              + "; delete the file or give another");
    }
    if (size < key.bytes()) {
      throw new FormatException(
          file, "truncated: " + size + " bytes of " + key.bytes() + "; delete the file");
    }
  }

  public Key key() {
    return key;
  }

  /// Copies a row to `out` from `at` on; false, and nothing copied, where it isn't there yet.
  public boolean read(int sample, int view, float[] out, int at) {
    long row = row(sample, view);
    int sum = map.get(INT, HEADER + 4 * row);
    long from = start(row);
    if (sum == 0 || sum != checksum(from)) {
      return false;
    }
    MemorySegment.copy(map, FLOAT, from, out, at, key.width);
    return true;
  }

  /// Stores a row, from `at` on in `values`.
  public void write(int sample, int view, float[] values, int at) {
    long row = row(sample, view);
    long to = start(row);
    MemorySegment.copy(values, at, map, FLOAT, to, key.width);
    map.set(INT, HEADER + 4 * row, checksum(to));
  }

  /// How many rows are there, of samples times views.
  public long filled() {
    long filled = 0;
    for (long row = 0; row < key.rows(); row++) {
      filled += map.get(INT, HEADER + 4 * row) != 0 ? 1 : 0;
    }
    return filled;
  }

  private long row(int sample, int view) {
    if (sample < 0 || sample >= key.samples || view < 0 || view >= key.views) {
      throw new IndexOutOfBoundsException(
          "no row of sample "
              + sample
              + ", view "
              + view
              + " in a cache of "
              + key.samples
              + " samples, "
              + key.views
              + " views");
    }
    return (long) view * key.samples + sample;
  }

  private long start(long row) {
    return HEADER + 4 * key.rows() + row * 4 * key.width;
  }

  /// Never zero, which means that there is no row.
  private int checksum(long from) {
    CRC32C crc = new CRC32C();
    crc.update(map.asSlice(from, 4L * key.width).asByteBuffer());
    int sum = (int) crc.getValue();
    return sum == 0 ? 1 : sum;
  }

  /// Forces what was written to the disk.
  public void force() {
    map.force();
  }

  @Override
  public void close() {
    arena.close();
  }
}
