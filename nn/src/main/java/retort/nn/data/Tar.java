package retort.nn.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import retort.nn.io.FormatException;

/// Reads a tar archive (ustar, with the long names of GNU and pax), plain or gzipped, from front to
/// back.
public final class Tar implements AutoCloseable {
  private static final int BLOCK = 512;

  /// A regular file: its name, where its bytes begin in the (unzipped) archive, and how many they
  /// are.
  public record Entry(String name, long offset, long size) {
    /// The name without its folders.
    public String baseName() {
      return name.substring(name.lastIndexOf('/') + 1);
    }
  }

  private final InputStream in;
  private final Path file;
  private long position;
  private Entry current;

  private Tar(InputStream in, Path file) {
    this.in = in;
    this.file = file;
  }

  public static Tar open(Path file) throws IOException {
    BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      raw.mark(2);
      boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return new Tar(zipped ? new GZIPInputStream(raw, 1 << 16) : raw, file);
    } catch (IOException e) {
      raw.close();
      throw new FormatException(file, "truncated or damaged: " + e.getMessage(), e);
    }
  }

  /// The next regular file, or null at the end of the archive. Folders and links are passed over.
  public Entry next() throws IOException {
    try {
      return advance();
    } catch (EOFException | ZipException e) {
      throw new FormatException(file, "truncated or damaged: " + e.getMessage(), e);
    }
  }

  private Entry advance() throws IOException {
    if (current != null) {
      skipTo(current.offset + current.size);
    }
    String longName = null;
    Map<String, String> pax = new HashMap<>();
    while (true) {
      skipTo((position + BLOCK - 1) / BLOCK * BLOCK);
      byte[] header = in.readNBytes(BLOCK);
      position += header.length;
      if (header.length == 0 || header.length == BLOCK && isZero(header)) {
        current = null;
        return null;
      }
      if (header.length < BLOCK) {
        throw new EOFException("the archive ends at byte " + position + " within a header");
      }
      checkSum(header);
      long size = octal(header, 124, 12);
      char type = (char) header[156];
      if (type == 'L') {
        longName = text(content(size), 0, (int) size);
      } else if (type == 'x') {
        parsePax(content(size), pax);
      } else if (type == '0' || type == 0) {
        String prefix = text(header, 257, 5).equals("ustar") ? text(header, 345, 155) : "";
        String shortName = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
        String name = longName != null ? longName : pax.getOrDefault("path", shortName);
        long realSize = pax.containsKey("size") ? Long.parseLong(pax.get("size")) : size;
        current = new Entry(name, position, realSize);
        return current;
      } else {
        skipTo(position + size);
        longName = null;
        pax.clear();
      }
    }
  }

  /// The bytes of the entry that `next` gave.
  public byte[] read() throws IOException {
    if (current == null || position != current.offset) {
      throw new IllegalStateException("an entry can be read once, after next()");
    }
    try {
      return content(current.size);
    } catch (EOFException | ZipException e) {
      throw new FormatException(
          file, "truncated or damaged in " + current.name + ": " + e.getMessage(), e);
    }
  }

  private byte[] content(long size) throws IOException {
    if (size > Integer.MAX_VALUE - 8) {
      throw new FormatException(file, "an entry of " + size + " bytes; at most 2 GiB are read");
    }
    byte[] bytes = in.readNBytes((int) size);
    position += bytes.length;
    if (bytes.length < size) {
      throw new EOFException("the archive ends at byte " + position);
    }
    return bytes;
  }

  private void skipTo(long target) throws IOException {
    in.skipNBytes(target - position);
    position = target;
  }

  private void checkSum(byte[] header) throws FormatException {
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (sum != octal(header, 148, 8)) {
      throw new FormatException(
          file, "not a tar archive, or damaged: wrong checksum at byte " + (position - BLOCK));
    }
  }

  private long octal(byte[] header, int from, int length) throws FormatException {
    if ((header[from] & 0x80) != 0) { // GNU: larger than octal digits can say, in base 256
      long value = header[from] & 0x7f;
      for (int i = 1; i < length; i++) {
        value = value << 8 | header[from + i] & 0xff;
      }
      return value;
    }
    String digits = text(header, from, length).strip();
    if (!digits.matches("[0-7]*")) {
      throw new FormatException(
          file, "not a tar archive, or damaged: \"" + digits + "\" is no octal number");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static void parsePax(byte[] records, Map<String, String> pax) {
    // Each record is "length key=value\n", the length counting the whole record in bytes.
    int at = 0;
    while (at < records.length) {
      int space = at;
      while (records[space] != ' ') {
        space++;
      }
      int length = Integer.parseInt(new String(records, at, space - at, StandardCharsets.US_ASCII));
      String record =
          new String(records, space + 1, at + length - space - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      pax.put(record.substring(0, equals), record.substring(equals + 1));
      at += length;
    }
  }

  private static boolean isZero(byte[] block) {
    return Arrays.equals(block, new byte[BLOCK]);
  }

  private static String text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
