package retort.nn.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {
  @Test
  void parsesEveryKindOfValue() {
    assertThat(
            Json.parse(" {\"a\": [1, -2.5e1, true, false, null, {}], \"b\\u00e9\\n\": \"\\\"x\"} "))
        .isEqualTo(
            Map.of("a", Arrays.asList(1L, -25.0, true, false, null, Map.of()), "bé\n", "\"x"));
  }

  @Test
  void writesWhatItParses() {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put("quote\"\\\n\u0001", List.of(1L, 2.5, true, "x", List.of(), Map.of()));
    value.put("null", null);
    String text = Json.write(value);
    assertThat(text)
        .isEqualTo("{\"quote\\\"\\\\\\n\\u0001\":[1,2.5,true,\"x\",[],{}],\"null\":null}");
    assertThat(Json.parse(text)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '{"a":1,}'     | JSON, offset 7: expected '"'
          '{"a":1 "b"}'  | JSON, offset 7: expected '}'
          '{"a":1,"a":2}'| JSON, offset 11: key "a" appears twice
          '[1,2'         | JSON, offset 4: expected ']'
          '[01]'         | JSON, offset 1: expected a value
          '[1] x'        | JSON, offset 4: text after the end of the value
          '"\\x"'         | JSON, offset 3: unknown escape \\x
          '"\\u00g0"'     | JSON, offset 5: \\u needs four hexadecimal digits
          '99999999999999999999' | JSON, offset 20: number 99999999999999999999 is out of range
          'nul'          | JSON, offset 0: expected null
          '"abc'         | JSON, offset 4: the text ends too early
          """)
  void refusesWithTheOffset(String text, String message) {
    assertThatThrownBy(() -> Json.parse(text)).hasMessage(message);
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .hasMessage("JSON, offset 101: nested deeper than 100");
  }

  @Test
  void refusesToWriteWhatJsonLacks() {
    assertThatThrownBy(() -> Json.write(Double.NaN)).hasMessage("JSON has no NaN");
    assertThatThrownBy(() -> Json.write('c')).hasMessage("JSON has no java.lang.Character");
  }
}
