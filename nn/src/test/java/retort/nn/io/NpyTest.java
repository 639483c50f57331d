package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.nn.SharedData;

class NpyTest {
  @TempDir Path folder;

  @Test
  void readsWhatNumpyWrote() throws IOException {
    ArrayFile file = Npz.read(SharedData.file("formats/arrays.npz"));
    Expected.check(file);
    assertThat(file.get("fortran").shape()).containsExactly(3, 4);
    assertThat(file.get("fortran").ints()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    assertThat(file.get("be").floats()).containsExactly(0, 1, 2, 3, 4);
    assertThat(file.get("u8").longs()).containsExactly(0, 1, 2, 3, 4, 5);
    ArrayFile deflated = Npz.read(SharedData.file("formats/arrays_compressed.npz"));
    assertThat(deflated.get("a").shape()).containsExactly(2, 3, 4);
    assertThat(deflated.get("a").floats()).contains(23f).hasSize(24);
    assertThat(deflated.get("labels").longs()).containsExactly(0, 1, 2, 3, 4);
    StoredArray single = Npy.read(SharedData.file("formats/array.npy"));
    assertThat(single.name()).isEqualTo("array");
    assertThat(single.floats()).isEqualTo(deflated.get("a").floats());
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    Path path = folder.resolve("x.npz");
    List<StoredArray> arrays =
        List.of(
            StoredArray.of("w", new int[] {2, 1}, new float[] {1, 2}),
            StoredArray.of("layer1.0.d", new int[] {3}, new double[] {1, 2, Math.E}),
            StoredArray.of("s", new int[] {}, new long[] {-7}),
            StoredArray.of("u", new int[] {2}, new byte[] {1, -1}));
    Npz.write(path, arrays);
    ArrayFile read = ArrayFile.read(path);
    assertThat(read.arrays().keySet()).containsExactly("w", "layer1.0.d", "s", "u");
    for (StoredArray array : arrays) {
      assertThat(read.get(array.name()).shape()).isEqualTo(array.shape());
      assertThat(read.get(array.name()).doubles()).isEqualTo(array.doubles());
      Path one = folder.resolve("one.npy");
      Npy.write(one, array);
      assertThat(ArrayFile.read(one).get("one").doubles()).isEqualTo(array.doubles());
    }
    byte[] once = Files.readAllBytes(path);
    Npz.write(path, arrays);
    assertThat(path).hasBinaryContent(once);
  }

  @Test
  void writesTheHeaderThatNumpyWrites() throws IOException {
    Path path = folder.resolve("x.npy");
    Npy.write(path, StoredArray.of("x", new int[] {5}, new float[5]));
    byte[] bytes = Files.readAllBytes(path);
    assertThat(bytes).hasSize(128 + 20);
    assertThat(new String(bytes, 10, 60, StandardCharsets.US_ASCII))
        .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), } ");
  }

  @ParameterizedTest
  @CsvSource({
    "<f2,1.5,003e",
    ">f2,1.5,3e00",
    ">f8,-2,c000000000000000",
    "|i1,-3,fd",
    ">i2,258,0102",
    "<i4,-1,ffffffff",
    ">i8,1,0000000000000001",
    "|u1,200,c8",
    "<u2,65535,ffff",
    "<u4,4294967295,ffffffff",
    "|b1,1,01",
    "=f4,1,0000803f"
  })
  void readsEveryTypeInBothOrders(String descr, double value, String hex) throws IOException {
    Path path = npy("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (), }", hex);
    assertThat(Npy.read(path).doubles()).containsExactly(value);
  }

  @Test
  void transposesFortranOrder() throws IOException {
    Path path =
        npy("{'descr':'|u1','fortran_order':True,'shape':(2,3,2)}", "000602080a040107030905ff");
    assertThat(Npy.read(path).ints()).containsExactly(0, 1, 2, 3, 10, 5, 6, 7, 8, 9, 4, 255);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"| truncated: array made of shape [3] needs 12 bytes, there are 4
          "{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }"| array made: element type <c8 is not read
          "{'descr': '|O', 'fortran_order': False, 'shape': (3,), }" | array made: element type |O is not read
          "{'descr': [('a','<f4')], 'fortran_order': False, 'shape': (3,), }" | no plain element type in the npy header {'descr': [('a','<f4')], 'fortran_order': False, 'shape': (3,), }; only arrays of numbers are read
          "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }" | array made has 8000000000 bytes; at most 2 GiB an array are read
          "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }" | array made: For input string: "99999999999"
          """,
      quoteCharacter = '"')
  void refusesWhatItCannotRead(String header, String message) throws IOException {
    Path path = npy(header, "00000000");
    assertThatThrownBy(() -> Npy.read(path))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(path + ": " + message);
  }

  @Test
  void anyTruncationIsRefused() throws IOException {
    Path npy = folder.resolve("whole.npy");
    StoredArray array = StoredArray.of("w", new int[] {3}, new float[] {1, 2, 3});
    Npy.write(npy, array);
    Path npz = folder.resolve("whole.npz");
    Npz.write(npz, List.of(array));
    for (Path whole : List.of(npy, npz)) {
      byte[] bytes = Files.readAllBytes(whole);
      for (int length = 0; length < bytes.length; length++) {
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> ArrayFile.read(cut)).isInstanceOf(FormatException.class);
      }
    }
  }

  @Test
  void refusesABfloat() {
    StoredArray bf16 = new StoredArray("x", ElementType.BF16, new int[] {1}, new byte[2]);
    assertThatThrownBy(() -> Npy.write(folder.resolve("x"), bf16))
        .hasMessage("array x: numpy has no bfloat16; write it as floats");
  }

  private Path npy(String header, String hex) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    out.write(header.length() + 1);
    out.write(0);
    out.writeBytes((header + "\n").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(java.util.HexFormat.of().parseHex(hex));
    return Files.write(folder.resolve("made.npy"), out.toByteArray());
  }
}
