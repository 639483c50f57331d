package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.io.FormatException;

class TarTest {
  @TempDir Path folder;

  /// A tar entry as POSIX ustar writes it.
  static byte[] entry(String name, char type, byte[] content) {
    byte[] out = new byte[512 + (content.length + 511) / 512 * 512];
    put(out, 0, name);
    put(out, 100, "0000644\0");
    put(out, 124, String.format("%011o", content.length));
    out[156] = (byte) type;
    put(out, 257, "ustar\00000");
    put(out, 148, "        ");
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += out[i] & 0xff;
    }
    put(out, 148, String.format("%06o\0 ", sum));
    System.arraycopy(content, 0, out, 512, content.length);
    return out;
  }

  static byte[] archive(byte[]... entries) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      out.writeBytes(entry);
    }
    out.writeBytes(new byte[1024]);
    return out.toByteArray();
  }

  private static void put(byte[] out, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, out, at, bytes.length);
  }

  @Test
  void readsFilesFoldersAndLongNames() throws IOException {
    String longName = "x".repeat(150) + "/long.txt";
    byte[] tar =
        archive(
            entry("dir/", '5', new byte[0]),
            entry("dir/a.txt", '0', bytes("alpha")),
            entry("dir/skipped.bin", '0', new byte[1300]),
            entry("././@LongLink", 'L', bytes(longName + "\0")),
            entry("x", '0', bytes("beta")),
            entry("pax", 'x', bytes("17 path=p/é.txt\n")),
            entry("short", '0', bytes("gamma")));
    for (boolean zipped : new boolean[] {false, true}) {
      try (Tar archive = Tar.open(file(tar, zipped))) {
        assertThat(archive.next()).isEqualTo(new Tar.Entry("dir/a.txt", 1024, 5));
        assertThat(archive.read()).isEqualTo(bytes("alpha"));
        assertThatThrownBy(archive::read).hasMessage("an entry can be read once, after next()");
        assertThat(archive.next().baseName()).isEqualTo("skipped.bin");
        assertThat(archive.next().name()).isEqualTo(longName);
        assertThat(archive.read()).isEqualTo(bytes("beta"));
        assertThat(archive.next().name()).isEqualTo("p/é.txt");
        assertThat(archive.read()).isEqualTo(bytes("gamma"));
        assertThat(archive.next()).isNull();
      }
    }
  }

  @Test
  void anyTruncationWithinAnEntryIsRefused() throws IOException {
    byte[] tar = archive(entry("a", '0', new byte[700]), entry("b", '0', bytes("beta")));
    for (int length = 1; length < 2052; length += 7) {
      Path cut = file(Arrays.copyOf(tar, length), false);
      if (length % 512 == 0 && length == 1536) {
        continue; // between two entries: tar can't tell
      }
      assertThatThrownBy(() -> readAll(cut)).isInstanceOf(FormatException.class);
    }
    byte[] zipped = Files.readAllBytes(file(tar, true));
    for (int length = 1; length < zipped.length - 20; length += 3) {
      Path cut = Files.write(folder.resolve("cut.gz"), Arrays.copyOf(zipped, length));
      assertThatThrownBy(() -> readAll(cut))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(cut + ": ");
    }
  }

  @Test
  void refusesOtherFiles() throws IOException {
    byte[] noise = new byte[600];
    Arrays.fill(noise, (byte) '7');
    Path file = file(noise, false);
    assertThatThrownBy(() -> readAll(file))
        .hasMessage(file + ": not a tar archive, or damaged: wrong checksum at byte 0");
    byte[] damaged = archive(entry("a", '0', bytes("x")));
    damaged[3] = 'z';
    Path second = file(damaged, false);
    assertThatThrownBy(() -> readAll(second))
        .hasMessage(second + ": not a tar archive, or damaged: wrong checksum at byte 0");
  }

  private static void readAll(Path file) throws IOException {
    try (Tar tar = Tar.open(file)) {
      while (tar.next() != null) {
        tar.read();
      }
    }
  }

  private Path file(byte[] bytes, boolean zipped) throws IOException {
    Path file = folder.resolve("made.tar");
    if (!zipped) {
      return Files.write(file, bytes);
    }
    try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(bytes);
    }
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
