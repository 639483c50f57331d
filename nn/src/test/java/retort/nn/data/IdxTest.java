package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.io.FormatException;

class IdxTest {
  @TempDir Path folder;

  @Test
  void readsAFolderPlainAndGzippedAndPads() throws IOException {
    byte[] images = new byte[2 * 28 * 28];
    images[0] = 9;
    images[28 * 28 + 28 * 28 - 1] = 7;
    write("train-images-idx3-ubyte", idx(images, 2, 28, 28));
    write("train-labels-idx1-ubyte.gz", gzip(idx(new byte[] {2, 0}, 2)));
    write("t10k-images-idx3-ubyte.gz", gzip(idx(new byte[28 * 28], 1, 28, 28)));
    write("t10k-labels-idx1-ubyte", idx(new byte[] {1}, 1));
    Dataset.Split split = Idx.readFolder(folder);
    assertThat(split.train().classes()).containsExactly("0", "1", "2");
    assertThat(split.train().labels()).containsExactly(2, 0);
    assertThat(split.heldOut().labels()).containsExactly(1);
    assertThat(split.train().image(0).at(2, 2, 0)).isEqualTo(9);
    assertThat(split.train().image(1).at(29, 29, 0)).isEqualTo(7);
  }

  @Test
  void namesWhatIsMissing() {
    assertThatThrownBy(() -> Idx.readFolder(folder))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageStartingWith(
            "no "
                + folder.resolve("train-images-idx3-ubyte")
                + "[.gz]; a folder of the MNIST family holds [train-images-idx3-ubyte,")
        .hasMessageContaining("dataset-fashion-mnist");
  }

  @Test
  void refusesLabelsThatDisagree() throws IOException {
    write("train-images-idx3-ubyte", idx(new byte[8], 2, 2, 2));
    write("train-labels-idx1-ubyte", idx(new byte[3], 3));
    write("t10k-images-idx3-ubyte", idx(new byte[4], 1, 2, 2));
    write("t10k-labels-idx1-ubyte", idx(new byte[] {4}, 1));
    assertThatThrownBy(() -> Idx.readFolder(folder))
        .hasMessage(
            folder.resolve("train-labels-idx1-ubyte")
                + ": labels of shape [3] for images of shape [2, 2, 2] in "
                + folder.resolve("train-images-idx3-ubyte"));
    write("train-labels-idx1-ubyte", idx(new byte[] {0, 1}, 2));
    assertThatThrownBy(() -> Idx.readFolder(folder))
        .hasMessage(
            folder.resolve("t10k-labels-idx1-ubyte")
                + ": image 0 has label 4; there are 2 classes");
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    byte[] plain = idx(new byte[8], 2, 2, 2);
    byte[] zipped = gzip(plain);
    for (int length = 0; length < plain.length; length++) {
      byte[] cut = Arrays.copyOf(plain, length);
      assertThatThrownBy(() -> Idx.read(new ByteArrayInputStream(cut), "f"))
          .isInstanceOf(FormatException.class);
    }
    for (int length = 2; length < zipped.length; length++) {
      byte[] cut = Arrays.copyOf(zipped, length);
      assertThatThrownBy(() -> Idx.read(new ByteArrayInputStream(cut), "f"))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("f: ");
    }
    assertThatThrownBy(() -> Idx.read(new ByteArrayInputStream(Arrays.copyOf(plain, 20)), "f"))
        .hasMessage("f: truncated: shape [2, 2, 2] needs 8 bytes, there are 4");
    assertThatThrownBy(() -> Idx.read(new ByteArrayInputStream(Arrays.copyOf(plain, 30)), "f"))
        .hasMessage("f: bytes follow the 8 that shape [2, 2, 2] needs");
    assertThatThrownBy(() -> Idx.read(new ByteArrayInputStream("hello".getBytes("UTF-8")), "f"))
        .hasMessage("f: not an idx file: it doesn't begin with two zero bytes");
    byte[] floats = idx(new byte[0], 0);
    floats[2] = 13;
    assertThatThrownBy(() -> Idx.read(new ByteArrayInputStream(floats), "f"))
        .hasMessage("f: idx element type 13 of rank 1; unsigned bytes (8) are read");
  }

  private void write(String name, byte[] bytes) throws IOException {
    Files.write(folder.resolve(name), bytes);
  }

  private static byte[] idx(byte[] data, int... shape) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 0, 8, (byte) shape.length});
    for (int n : shape) {
      out.writeBytes(new byte[] {0, 0, 0, (byte) n});
    }
    out.writeBytes(data);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(data);
    }
    return out.toByteArray();
  }
}
