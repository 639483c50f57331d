package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.SharedData;

class PyTorchTest {
  private static final String TENSOR = "ctorch._utils\n_rebuild_tensor_v2\n(";
  private static final String END = "\u0089ccollections\nOrderedDict\n)RtR";

  @TempDir Path folder;

  @Test
  void readsWhatTorchWrote() throws IOException {
    Expected.check(PyTorch.read(SharedData.file("formats/state_dict_zip.pth")));
    Expected.check(PyTorch.read(SharedData.file("formats/state_dict_legacy.pth")));
    ArrayFile wrapped = ArrayFile.read(SharedData.file("formats/checkpoint_wrapped.pth"));
    assertThat(wrapped.metadata())
        .isEqualTo(Map.of("epoch", "7", "best_acc", "71.25", "arch", "toy"));
    assertThat(wrapped.arrays()).containsKey("state_dict.module.conv1.weight");
    Expected.check(wrapped.stateDict());
  }

  @Test
  void readsARealCheckpoint() throws IOException {
    ArrayFile file = ArrayFile.read(SharedData.file("weights/resnet56-cifar10.th"));
    ArrayFile weights = file.stateDict();
    assertThat(weights.get("conv1.weight").shape()).containsExactly(16, 3, 3, 3);
    assertThat(weights.get("linear.weight").shape()).containsExactly(10, 64);
    assertThat(file.metadata()).containsKey("best_prec1");
    int parameters = 0;
    for (StoredArray array : weights.arrays().values()) {
      boolean statistic =
          array.name().contains("running_") || array.name().contains("num_batches_tracked");
      parameters += statistic ? 0 : array.size();
    }
    assertThat(parameters).isEqualTo(853_018);
  }

  @Test
  void refusesAHostileFileAndRunsNothing() throws IOException {
    Path hostile = SharedData.file("formats/hostile_zip.pth");
    assertThatThrownBy(() -> ArrayFile.read(hostile))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(hostile + ": the pickle names ")
        .hasMessageContaining("system, which is not on the list of harmless types; refused");
    assertThat(Path.of("pickle-was-executed")).doesNotExist();
    assertThat(hostile.resolveSibling("pickle-was-executed")).doesNotExist();
  }

  @Test
  void readsStridedViewsWithOffsets() throws IOException {
    // Six bytes 0..5; the view [[1, 3], [2, 4]] starts at 1 with strides 1 and 2.
    Path file = zip(tensor("Byte", 6, 1, "K\2K\2\u0086", "K\1K\2\u0086"), "little", bytes(6));
    ArrayFile read = ArrayFile.read(file);
    assertThat(read.get("w").shape()).containsExactly(2, 2);
    assertThat(read.get("w").ints()).containsExactly(1, 3, 2, 4);
  }

  @Test
  void readsBigEndianStorages() throws IOException {
    Path file = zip(tensor("Short", 2, 0, "K\2\u0085", "K\1\u0085"), "big", bytes(4));
    assertThat(ArrayFile.read(file).get("w").ints()).containsExactly(1, 0x0203);
  }

  @Test
  void nestsDictsAndLists() throws IOException {
    String scalar = TENSOR + storage("Byte", 1) + "K\0))" + END;
    Path file = zip("}(U\1a](" + scalar + "}U\1b" + scalar + "seU\1nNu", "little", new byte[] {9});
    ArrayFile read = ArrayFile.read(file);
    assertThat(read.arrays().keySet()).containsExactly("a.0", "a.1.b");
    assertThat(read.get("a.1.b").ints()).containsExactly(9);
    assertThat(read.metadata()).containsEntry("n", "null");
  }

  @Test
  void refusesViewsBeyondTheirStorage() throws IOException {
    String[][] views = {
      {"K\7\u0085", "K\1\u0085", "size [7], stride [1], offset 0"},
      {"K\2K\2\u0086", "K\5K\1\u0086", "size [2, 2], stride [5, 1], offset 0"},
      {"K\2\u0085", "J\u00ff\u00ff\u00ff\u00ff\u0085", "size [2], stride [-1], offset 0"},
      {"K\2\u0085", "K\1K\1\u0086", "size [2], stride [1, 1], offset 0"},
      {"J\0\0\0\u007f\u0085", "K\0\u0085", "size [2130706432], stride [0], offset 0"}
    };
    for (String[] view : views) {
      Path file = zip(tensor("Byte", 6, 0, view[0], view[1]), "little", bytes(6));
      assertThatThrownBy(() -> ArrayFile.read(file))
          .isInstanceOf(FormatException.class)
          .hasMessage(file + ": tensor w: " + view[2] + " don't fit a storage of 6 elements");
    }
  }

  @Test
  void refusesMissingAndShortStorages() throws IOException {
    String pickle = tensor("Float", 2, 0, "K\2\u0085", "K\1\u0085");
    Path shortened = zip(pickle, "little", bytes(7));
    assertThatThrownBy(() -> ArrayFile.read(shortened))
        .hasMessage(shortened + ": truncated: storage 0 needs 8 bytes, there are 7");
    Path missing = zip(pickle, "little", null);
    assertThatThrownBy(() -> ArrayFile.read(missing))
        .hasMessage(missing + ": storage 0 is missing");
  }

  @Test
  void refusesAnObjectThatContainsItself() throws IOException {
    Path file = zip("]q\0h\0a", "little", bytes(1));
    assertThatThrownBy(() -> ArrayFile.read(file))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(file + ": the pickled object is too deep or too large at 0.0.0");
  }

  @Test
  void refusesOtherFiles() throws IOException {
    assertThatThrownBy(() -> ArrayFile.read(folder.resolve("none")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("no file " + folder.resolve("none"));
    Path empty = Files.write(folder.resolve("empty"), new byte[0]);
    assertThatThrownBy(() -> ArrayFile.read(empty)).hasMessage(empty + ": the file is empty");
    Path pickle = Files.write(folder.resolve("p"), latin("\u0080\u0002K\1."));
    assertThatThrownBy(() -> ArrayFile.read(pickle))
        .hasMessage(pickle + ": not a file that torch.save wrote");
  }

  @Test
  void anyTruncationOfALegacyFileIsRefused() throws IOException {
    byte[] bytes = Files.readAllBytes(SharedData.file("formats/state_dict_legacy.pth"));
    for (int length = 0; length < bytes.length; length += 13) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> ArrayFile.read(cut)).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void takesWrappersOffOnlyWhereTheyWrap() {
    assertThat(names("model.a.w", "optimizer.0")).containsExactly("a.w");
    assertThat(names("model.a.w", "head.w")).containsExactly("model.a.w", "head.w");
    assertThat(names("module.a", "module.b")).containsExactly("a", "b");
    assertThat(names("module.a", "b")).containsExactly("module.a", "b");
  }

  private static List<String> names(String... names) {
    List<StoredArray> arrays =
        Arrays.stream(names).map(n -> StoredArray.of(n, new int[] {1}, new float[1])).toList();
    return List.copyOf(ArrayFile.of(arrays, Map.of()).stateDict().arrays().keySet());
  }

  /// {'w': the tensor}
  private static String tensor(String type, int elements, int offset, String size, String stride) {
    return "}U\1w"
        + TENSOR
        + storage(type, elements)
        + "K"
        + (char) offset
        + size
        + stride
        + END
        + "s";
  }

  private static String storage(String type, int elements) {
    return "(U\7storagectorch\n" + type + "Storage\nU\0010U\3cpuK" + (char) elements + "tQ";
  }

  private Path zip(String pickle, String byteOrder, byte[] storage) throws IOException {
    Path file = folder.resolve("made.pth");
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      put(zip, "made/data.pkl", latin("\u0080\u0002" + pickle + "."));
      put(zip, "made/byteorder", latin(byteOrder));
      if (storage != null) {
        put(zip, "made/data/0", storage);
      }
    }
    return file;
  }

  private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(bytes);
    zip.closeEntry();
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }
}
