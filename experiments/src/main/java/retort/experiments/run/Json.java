package retort.experiments.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import retort.nn.io.AtomicFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as run folders hold it: records become objects with their components' names, in that order.
public final class Json {
  private static final JsonMapper LINES = JsonMapper.builder().build();
  private static final JsonMapper PRETTY =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Json() {}

  public static String line(Object value) {
    return LINES.writeValueAsString(value);
  }

  public static String pretty(Object value) {
    return PRETTY.writeValueAsString(value) + "\n";
  }

  /// Writes a file whole or not at all; a [retort.experiments.Failure] says why not.
  public static void write(Path file, Object value) {
    byte[] text = pretty(value).getBytes(StandardCharsets.UTF_8);
    try {
      AtomicFile.write(file, to -> to.write(text));
    } catch (IOException e) {
      throw RunFolder.unwritable(file, e);
    }
  }

  public static JsonNode parse(String text) {
    return LINES.readTree(text);
  }

  public static <T> T parse(String text, Class<T> type) {
    return LINES.readValue(text, type);
  }
}
