package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.SharedData;
import retort.nn.io.FormatException;

class CifarTest {
  @TempDir Path folder;

  @Test
  void readsTheWholeOfCifar100() throws IOException {
    Path archive = SharedData.file("cifar-100-binary.tar.gz");
    assertThat(Cifar.isAt(archive)).isTrue();
    Dataset.Split split = Cifar.read(archive);
    assertThat(split.train().counts()).hasSize(100).containsOnly(500);
    assertThat(split.heldOut().counts()).hasSize(100).containsOnly(100);
    assertThat(split.train().classes()).startsWith("apple", "aquarium_fish").endsWith("worm");
    float[] mean = {0.5071f, 0.4865f, 0.4409f};
    float[] std = {0.2673f, 0.2564f, 0.2762f};
    for (int c = 0; c < 3; c++) {
      assertThat(split.train().normalisation().mean()[c]).isCloseTo(mean[c], within(1e-4f));
      assertThat(split.train().normalisation().std()[c]).isCloseTo(std[c], within(1e-4f));
    }
  }

  @Test
  void readsTheBinaryVersions() throws IOException {
    writeTenBinary(record(3, 0), record(9, 1));
    Files.writeString(folder.resolve("batches.meta.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n");
    Dataset.Split split = Cifar.read(folder);
    assertThat(split.train().labels()).containsExactly(3, 9, 3, 9, 3, 9, 3, 9, 3, 9);
    assertThat(split.heldOut().labels()).containsExactly(3, 9);
    assertThat(split.train().classes().get(9)).isEqualTo("j");
    checkPixels(split.train().image(1), 1);

    Path inner = Files.createDirectories(folder.resolve("hundred/cifar-100-binary"));
    byte[] coarse = {5};
    Files.write(inner.resolve("train.bin"), join(coarse, record(42, 2)));
    Files.write(inner.resolve("test.bin"), join(coarse, record(99, 3)));
    Dataset.Split hundred = Cifar.read(folder.resolve("hundred"));
    assertThat(hundred.train().labels()).containsExactly(42);
    assertThat(hundred.heldOut().labels()).containsExactly(99);
    assertThat(hundred.heldOut().classes()).hasSize(100).endsWith("99");
    checkPixels(hundred.heldOut().image(0), 3);
  }

  @Test
  void readsThePythonVersion() throws IOException {
    // As Python 2 pickled it: {'data': a numpy array, 'fine_labels': a list}.
    Files.write(folder.resolve("train"), pickled(17, 4));
    Files.write(folder.resolve("test"), pickled(18, 5));
    Dataset.Split split = Cifar.read(folder);
    assertThat(split.train().labels()).containsExactly(17);
    assertThat(split.heldOut().labels()).containsExactly(18);
    checkPixels(split.train().image(0), 4);
    checkPixels(split.heldOut().image(0), 5);
  }

  @Test
  void aHostileArchiveIsRefused() throws IOException {
    byte[] hostile = "\u0080\u0002cos\nsystem\nU\2id\u0085R.".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(folder.resolve("train"), hostile);
    Files.write(folder.resolve("test"), hostile);
    assertThatThrownBy(() -> Cifar.read(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(folder + "!train: the pickle names os.system, which is not");
  }

  @Test
  void saysWhatIsMissingAndWhereToGetIt() {
    Path nowhere = folder.resolve("nowhere");
    assertThat(Cifar.isAt(folder)).isFalse();
    assertThatThrownBy(() -> Cifar.read(nowhere))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageStartingWith("no " + nowhere + ". CIFAR comes as one of these archives")
        .hasMessageContaining("https://www.cs.toronto.edu/~kriz/cifar.html")
        .hasMessageContaining("168,513,733 bytes  md5 03b5dce01913d631647c71ecec9e9cb8");
    assertThatThrownBy(
            () -> {
              Files.write(folder.resolve("train.bin"), new byte[10]);
              Cifar.read(folder);
            })
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageStartingWith(folder + " holds [train.bin] of CIFAR's files. CIFAR comes");
  }

  @Test
  void refusesTruncatedFilesWrongLabelsAndWrongNames() throws IOException {
    writeTenBinary(record(3, 0), record(10, 1));
    assertThatThrownBy(() -> Cifar.read(folder))
        .hasMessage(folder + "!data_batch_1.bin: image 1 has label 10; CIFAR-10 has labels 0 to 9");
    writeTenBinary(record(3, 0), new byte[3000]);
    assertThatThrownBy(() -> Cifar.read(folder))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(
            folder
                + "!data_batch_1.bin: truncated: 6073 bytes are no whole number of records of"
                + " 3073. CIFAR comes");
    writeTenBinary(record(3, 0));
    Files.writeString(folder.resolve("batches.meta.txt"), "cat\ndog\n");
    assertThatThrownBy(() -> Cifar.read(folder))
        .hasMessage(folder + "!batches.meta.txt: 2 class names; CIFAR-10 has as many as that");
  }

  private void writeTenBinary(byte[]... records) throws IOException {
    for (int i = 1; i <= 5; i++) {
      Files.write(folder.resolve("data_batch_" + i + ".bin"), join(records));
    }
    Files.write(folder.resolve("test_batch.bin"), join(records));
  }

  /// Planes filled with 10, 20 and 30, but the first pixel of the second row is `mark`.
  private static byte[] record(int label, int mark) {
    return join(new byte[] {(byte) label}, planes(mark));
  }

  private static byte[] planes(int mark) {
    byte[] planes = new byte[3072];
    for (int c = 0; c < 3; c++) {
      Arrays.fill(planes, c * 1024, (c + 1) * 1024, (byte) (10 * (c + 1)));
      planes[c * 1024 + 32] = (byte) mark;
    }
    return planes;
  }

  private static void checkPixels(Image image, int mark) {
    for (int c = 0; c < 3; c++) {
      assertThat(image.at(0, 0, c)).isEqualTo(10 * (c + 1));
      assertThat(image.at(1, 0, c)).isEqualTo(mark);
    }
  }

  private static byte[] pickled(int label, int mark) {
    String head =
        "\u0080\u0002}(U\4datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b"
            + "\u0087R(K\1K\1M\0\14\u0086cnumpy\ndtype\nU\2u1K\0K\1\u0087R"
            + "(K\3U\1|NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089T\0\14\0\0";
    String tail = "tbU\13fine_labels]K" + (char) label + "au.";
    return join(
        head.getBytes(StandardCharsets.ISO_8859_1),
        planes(mark),
        tail.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
