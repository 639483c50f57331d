package retort.experiments.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.googlejavaformat.java.Main;
import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every source is formatted by google-java-format. `./retort format` formats them: it runs this
/// test with `-Dretort.format=rewrite`.
class FormatTest {
  @Test
  void everySourceIsFormatted() throws Exception {
    boolean rewrite = "rewrite".equals(System.getProperty("retort.format"));
    List<String> arguments = new ArrayList<>(List.of(rewrite ? "--replace" : "--dry-run"));
    Repository.sources().forEach(file -> arguments.add(file.toString()));
    var out = new StringWriter();
    var err = new StringWriter();

    int code = format(out, err, arguments);

    assertThat(err.toString()).as("google-java-format").isEmpty();
    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .as("not formatted; run ./retort format, which formats these files")
        .isEmpty();
  }

  private static int format(StringWriter out, StringWriter err, List<String> arguments)
      throws Exception {
    var main =
        new Main(
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            new ByteArrayInputStream(new byte[0]));
    return main.format(arguments.toArray(String[]::new));
  }
}
