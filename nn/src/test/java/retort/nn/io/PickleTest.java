package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pickles are written out here opcode by opcode, one char a byte.
class PickleTest {
  private static Object read(String pickle) throws IOException {
    byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
    return Pickle.read(new ByteArrayInputStream(bytes), "f.pkl");
  }

  @Test
  void readsEveryKindOfValue() throws IOException {
    Object value =
        read(
            "\u0080\u0004\u0095\0\0\0\0\0\0\0\0](NK\u00ffM\1\2J\u00fe\u00ff\u00ff\u00ff"
                + "\u008a\2\u00ff\u00ff\u008a\12\0\0\0\0\0\0\0\0\0\1"
                + "G?\u00f8\0\0\0\0\0\0\u0088\u0089\u008c\2\u00c3\u00a9"
                + "U\1\u00ffC\2\1\2)\u0085K\1K\2\u0086K\1K\2K\3\u0087e.");
    List<?> list = (List<?>) value;
    assertThat(list.subList(0, 10))
        .isEqualTo(
            Arrays.asList(
                null, 255L, 513L, -2L, -1L, BigInteger.ONE.shiftLeft(72), 1.5, true, false, "é"));
    assertThat(list.get(10)).isEqualTo("ÿ");
    assertThat(list.get(11)).isEqualTo(new byte[] {1, 2});
    assertThat(list.subList(12, 15))
        .isEqualTo(List.of(List.of(List.of()), List.of(1L, 2L), List.of(1L, 2L, 3L)));
  }

  @Test
  void readsContainersAndTheMemo() throws IOException {
    // {'a': [1, 2], 'b': the same list, 3: (4, 5)}, by each of the ways to fill them
    Object value =
        read("\u0080\u0002}(U\1a](K\1e\u0094K\2aU\1bh\0K\3(K\4K\5tu" + "U\1cK\6sU\1d(U\1k(K\7lds.");
    assertThat(value)
        .isEqualTo(
            Map.of(
                "a",
                List.of(1L, 2L),
                "b",
                List.of(1L, 2L),
                3L,
                List.of(4L, 5L),
                "c",
                6L,
                "d",
                Map.of("k", List.of(7L))));
    assertThat(((Map<?, ?>) value).get("a")).isSameAs(((Map<?, ?>) value).get("b"));
  }

  @Test
  void readsNumpyArraysOfBothPythons() throws IOException {
    String dtype = "cnumpy\ndtype\nU\2i2K\0K\1\u0087R(K\3U\1>NNNJ\u00ff\u00ff\u00ff\u00ffK\0tb";
    String start = "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\u0085U\1b\u0087R";
    Object python2 =
        read("\u0080\u0002" + start + "(K\1K\2K\2\u0086" + dtype + "\u0089U\10\0\1\0\2\0\3\1\0tb.");
    assertThat(((Pickle.NumpyArray) python2).named("x").ints()).containsExactly(1, 2, 3, 256);
    String encoded = "c_codecs\nencode\nX\10\0\0\0\0\1\0\2\0\3\1\0U\6latin1\u0086R";
    Object python3 =
        read(
            "\u0080\u0002"
                + start.replace("core", "_core")
                + "(K\1K\2K\2\u0086"
                + dtype
                + "\u0088"
                + encoded
                + "tb.");
    assertThat(((Pickle.NumpyArray) python3).named("x").ints()).containsExactly(1, 3, 2, 256);
    Object scalar =
        read("\u0080\u0002cnumpy.core.multiarray\nscalar\n" + dtype + "C\2\1\1\u0086R.");
    assertThat(scalar).isEqualTo(257L);
    Object buffer =
        read(
            "\u0080\u0005\u008c\22numpy.core.numeric\u008c\13_frombuffer\u0093(\u0096\4\0\0\0\0\0\0\0"
                + "\0\1\0\2"
                + dtype
                + "K\2\u0085\u008c\1CtR.");
    assertThat(((Pickle.NumpyArray) buffer).named("x").ints()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "posix, system",
    "builtins, eval",
    "__builtin__, getattr",
    "os, system",
    "subprocess, Popen",
    "torch, load",
    "numpy, load",
    "java.lang.Runtime, exec"
  })
  void refusesEveryOtherGlobalByName(String module, String name) {
    String refusal =
        "f.pkl: the pickle names "
            + module
            + "."
            + name
            + ", which is not on the list of harmless types; refused, nothing was run.";
    assertThatThrownBy(() -> read("\u0080\u0002c" + module + "\n" + name + "\nU\2id\u0085R."))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(refusal);
    String stacked =
        "\u008c" + (char) module.length() + module + "\u008c" + (char) name.length() + name;
    assertThatThrownBy(() -> read("\u0080\u0004" + stacked + "\u0093."))
        .hasMessageStartingWith(refusal);
  }

  @Test
  void refusesOpcodesThatDataDoesNotNeed() {
    for (char opcode : "iopgPFILSV\u0082\u0083\u0084\u0092\u0097\u0098\u00ff".toCharArray()) {
      assertThatThrownBy(() -> read("\u0080\u0002(" + opcode + "x\nx\n."))
          .isInstanceOf(FormatException.class)
          .hasMessage(
              String.format(
                  "f.pkl: opcode 0x%02x at byte 4 of the pickle is not one that data needs;"
                      + " refused",
                  (int) opcode));
    }
  }

  @Test
  void refusesBrokenPickles() {
    String[][] cases = {
      {"\u0080\u0002]", "truncated pickle: it ends at byte 3"},
      {"\u0080\u0002X\5\0\0\0ab", "truncated pickle: it ends at byte 9"},
      {"\u0080\u0002h\7.", "broken pickle at byte 4: nothing is remembered as 7"},
      {"\u0080\u0002}(K\1u.", "broken pickle at byte 7: a key without a value"},
      {"\u0080\u0002}]K\1s.", "broken pickle at byte 7: a dict key is no simple value"},
      {"\u0080\u0002K\1}b.", "broken pickle at byte 6: an object takes no state"},
      {"\u0080\u0002U\1xQ.", "broken pickle at byte 6: a persistent id outside a torch file"},
      {
        "\u0080\u0002\u008d\0\0\0\0\0\0\0\u00ff",
        "a value of -72057594037927936 bytes in the pickle; refused"
      },
      {"\u0080\u0002\u008b\0\0\0\1", "an integer of 16777216 bytes in the pickle; refused"}
    };
    for (String[] c : cases) {
      assertThatThrownBy(() -> read(c[0]))
          .isInstanceOf(FormatException.class)
          .hasMessage("f.pkl: " + c[1]);
    }
    for (String broken : new String[] {".", "a.", "t.", "R.", "K\1a.", ")K\1a.", "K\1)R."}) {
      assertThatThrownBy(() -> read("\u0080\u0002" + broken))
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("f.pkl: broken pickle at byte ");
    }
  }
}
