package retort.experiments.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// Packs a folder into one file that every `tar xzf` unpacks, with its links and with what may be
/// started: the ustar format of POSIX, which a JDK has no writer for.
///
/// Names in order and no owners or dates, so that the same folder makes the same file.
final class TarGz {
  private static final int BLOCK = 512;

  /// Bytes of a name, and of the folders before it.
  private static final int NAME = 100, PREFIX = 155;

  private final OutputStream out;

  private TarGz(OutputStream out) {
    this.out = out;
  }

  /// @param folder what is packed, under its own name
  static void write(Path folder, OutputStream to) throws IOException {
    Path whole = folder.toAbsolutePath().normalize();
    var gzip = new GZIPOutputStream(to, 1 << 16);
    var tar = new TarGz(gzip);
    try (Stream<Path> all = Files.walk(whole)) {
      for (Path p : all.sorted().toList()) {
        tar.add(p, whole.getParent().relativize(p).toString());
      }
    }
    gzip.write(new byte[2 * BLOCK]); // the end
    gzip.finish();
  }

  private void add(Path p, String name) throws IOException {
    if (Files.isSymbolicLink(p)) {
      header(name, 0777, 0, '2', Files.readSymbolicLink(p).toString());
    } else if (Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)) {
      header(name + "/", 0755, 0, '5', "");
    } else {
      long size = Files.size(p);
      header(name, Files.isExecutable(p) ? 0755 : 0644, size, '0', "");
      Files.copy(p, out);
      out.write(new byte[(int) (-size & BLOCK - 1)]);
    }
  }

  private void header(String path, int mode, long size, char type, String link) throws IOException {
    byte[] block = new byte[BLOCK];
    int cut = path.length() <= NAME ? -1 : path.indexOf('/', path.length() - NAME - 1);
    put(block, 0, NAME, path.substring(cut + 1), path);
    put(block, 100, 8, octal(mode, 7), path);
    put(block, 108, 8, octal(0, 7), path);
    put(block, 116, 8, octal(0, 7), path);
    put(block, 124, 12, octal(size, 11), path);
    put(block, 136, 12, octal(0, 11), path);
    Arrays.fill(block, 148, 156, (byte) ' '); // the sum counts itself as spaces
    block[156] = (byte) type;
    put(block, 157, NAME, link, path);
    put(block, 257, 8, "ustar\0" + "00", path);
    put(block, 345, PREFIX, cut < 0 ? "" : path.substring(0, cut), path);
    int sum = 0;
    for (byte b : block) sum += b & 0xff;
    put(block, 148, 8, octal(sum, 6) + "\0 ", path);
    out.write(block);
  }

  private static String octal(long value, int digits) {
    String s = Long.toOctalString(value);
    return "0".repeat(Math.max(0, digits - s.length())) + s;
  }

  private static void put(byte[] block, int at, int room, String text, String path)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > room) {
      throw new IOException(
          "a tar archive has %d bytes for a name and %d for its folders; too long: %s"
              .formatted(NAME, PREFIX, path));
    }
    System.arraycopy(bytes, 0, block, at, bytes.length);
  }
}
