package retort.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class RetortTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return Retort.run(new PrintWriter(out), new PrintWriter(err), args);
  }

  @Test
  void suggestsTheCommandThatWasMeant() {
    assertThat(run("docter")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "retort: unknown command 'docter'; did you mean 'doctor'?\n  see: retort --help\n");
  }

  @Test
  void suggestsTheOptionThatWasMeant() {
    assertThat(run("doctor", "--debgu=1")).isEqualTo(2);
    assertThat(err)
        .hasToString(
            "retort: unknown option '--debgu'; did you mean '--debug'?\n"
                + "  see: retort doctor --help\n");
  }

  @Test
  void refusesNoCommandAndStrayWords() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).startsWith("retort: no command given; one of: quickstart");
    assertThat(run("doctor", "now")).isEqualTo(2);
    assertThat(err.toString()).contains("unexpected argument 'now'");
  }

  @Test
  void showsVersionAndHelp() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("retort ").contains("commit ").contains("VM 25");
    assertThat(run("doctor", "--help")).isZero();
    assertThat(out.toString()).contains("Usage: retort doctor");
  }

  /// A command that fails in the way it is asked to.
  @Command(name = "fail")
  static final class Failing implements Callable<Integer> {
    @Option(names = "--how")
    String how;

    @Override
    public Integer call() throws Exception {
      throw switch (how) {
        case "failure" -> new Failure("no data", "/data/x", "fetch it");
        case "missing" -> new UncheckedIOException(new NoSuchFileException("/data/y"));
        case "denied" -> new AccessDeniedException("/data/z");
        case "silent" -> new IllegalStateException();
        default -> new IllegalArgumentException("matmul: inner dimensions must agree");
      };
    }
  }

  private String failing(String... args) {
    CommandLine line = new CommandLine(new Retort()).addSubcommand(new Failing());
    Retort.equip(line, new PrintWriter(out), new PrintWriter(err));
    assertThat(line.execute(args)).isEqualTo(1);
    return err.toString();
  }

  @Test
  void failsWithOneMessageAndNoStackTrace() {
    assertThat(failing("fail", "--how=failure"))
        .isEqualTo("retort: no data\n  where:  /data/x\n  remedy: fetch it\n");
  }

  @Test
  void namesTheFileOfAnyFileTrouble() {
    assertThat(failing("fail", "--how=missing"))
        .startsWith("retort: no such file or folder: /data/y\n");
    assertThat(failing("fail", "--how=denied"))
        .contains("retort: not allowed to read or write: /data/z\n");
  }

  @Test
  void showsTheStackTraceOnlyWhenAsked() {
    assertThat(failing("fail", "--how=other"))
        .isEqualTo(
            "retort: matmul: inner dimensions must agree\n"
                + "  (--debug shows where this came from)\n");
    assertThat(failing("fail", "--how=silent")).contains("retort: IllegalStateException\n");
    assertThat(failing("fail", "--how=other", "--debug"))
        .contains("at retort.experiments.RetortTest$Failing.call");
  }
}
