package retort.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import retort.experiments.run.Json;

class BenchTest {
  @TempDir Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return new CommandLine(new Bench())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setExecutionExceptionHandler((e, line, parsed) -> {
          err.write(e.getMessage());
          return 1;
        })
        .execute(args);
  }

  @Test
  void measuresPrintsAndWrites() throws Exception {
    Path json = temp.resolve("bench.json");
    assertThat(run("--quick", "--rounds=1", "--only=add 16 KiB", "--threads=1", "--json=" + json))
        .isZero();
    assertThat(out.toString())
        .contains("work ", "add 16 KiB", "GB/s", "peak of this machine, 1 thread: ");
    assertThat(err.toString()).contains("1/1  add 16 KiB, 1 thread");
    assertThat(Json.parse(Files.readString(json), Report.class).rows()).hasSize(1);
  }

  @Test
  void resumesWithWhatIsMissing() throws Exception {
    Path json = temp.resolve("bench.json");
    String[] both = {"--quick", "--rounds=1", "--only=(add|relu) 16 KiB", "--threads=1"};
    String file = "--json=" + json;
    assertThat(run(both[0], both[1], "--only=add 16 KiB", both[3], file)).isZero();
    Report first = Json.parse(Files.readString(json), Report.class);
    assertThat(run(both[0], both[1], both[2], both[3], file, "--resume")).isZero();
    assertThat(err.toString()).contains("1/1  relu 16 KiB, 1 thread");
    Report then = Json.parse(Files.readString(json), Report.class);
    assertThat(then.rows()).hasSize(2).startsWith(first.rows().getFirst());
    assertThat(then.rulers()).isEqualTo(first.rulers());

    var other =
        new Report("c", "2025-02-03", "x", 2, "o", "v", "cpu", List.of(), List.of(), List.of());
    Files.writeString(json, Json.pretty(other));
    assertThat(run(both[0], both[1], both[2], both[3], file, "--resume")).isEqualTo(1);
    assertThat(err.toString()).contains("taken of something else: [c, x, 2, o, v, cpu, []]");
    assertThat(run("--resume")).isEqualTo(2);
    assertThat(err.toString()).contains("--resume wants the file: --json FILE");
  }

  @Test
  void refusesWhatItCannotMeasure() {
    assertThat(run("--only=fft")).isEqualTo(2);
    assertThat(err.toString()).contains("--only 'fft' is in none of the ").contains("sgemm 256");
    assertThat(run("--threads=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--threads wants at least 1, got 0");
    assertThat(run("--rounds=0")).isEqualTo(2);
    assertThat(err.toString()).contains("--rounds wants at least 1, got 0");
    assertThat(run("--peers")).isEqualTo(1);
    assertThat(err.toString()).contains("no peers are on the class path");
  }

  private static Row row(String name, int threads, Double theirs, int undisturbed) {
    Double ratio = theirs == null ? null : 30 / theirs;
    Map<String, Double> peers = theirs == null ? null : Map.of("P 1", theirs);
    return new Row(
        name,
        Family.SGEMM,
        threads,
        30,
        theirs,
        "GFLOP/s",
        ratio,
        0.5,
        theirs == null ? null : "P 1",
        peers,
        null,
        null,
        9,
        undisturbed);
  }

  @Test
  void putsTheFiguresIntoTheDocumentAndLeavesTheRest() throws Exception {
    var rows = List.of(row("a", 1, 20.0, 9), row("b", 1, 40.0, 9), row("a", 2, null, 2));
    var report =
        new Report(
            "0.1 (commit c)",
            "2025-02-03T04:05:06Z",
            "Some CPU",
            2,
            "Linux",
            "VM 25",
            "cpu",
            List.of("P 1"),
            List.of(new Report.Ruler(1, 100, 10)),
            rows);
    Path json = Files.writeString(temp.resolve("b.json"), Json.pretty(report));
    String before = "# Speed\n" + PerformancePage.BEGIN + "\nold\n", after = "\nThe end.\n";
    Path page = Files.writeString(temp.resolve("p.md"), before + PerformancePage.END + after);
    assertThat(run("--markdown=" + json, "--document=" + page)).isZero();
    String text = Files.readString(page);
    assertThat(text)
        .startsWith("# Speed\n")
        .endsWith(PerformancePage.END + after)
        .doesNotContain("old")
        .contains(
            "Measured 2025-02-03 on Some CPU (2 processors), Linux, VM 25; Retort 0.1 (commit c)"
                + " beside P 1.\n",
            "Peak on 1 thread: 100.0 GFLOP/s, 10.0 GB/s.\n",
            "| matrix products | 1 | 1.06 | 1.05 | 0.75 | 0.95 | b |\n",
            "| a | 30.0 | 20.0 | 1.50 | 30.0 ~ | - | - |\n",
            "| b | 30.0 | 40.0 | 0.75 | - | - | - |\n");
    assertThat(run("--markdown=" + json, "--document=" + page)).isZero();
    assertThat(Files.readString(page)).isEqualTo(text);
  }

  @Test
  void refusesADocumentWithoutAPlace() throws Exception {
    Path json = temp.resolve("b.json");
    var report =
        new Report("c", "2025-02-03", "x", 2, "o", "v", "cpu", List.of(), List.of(), List.of());
    Files.writeString(json, Json.pretty(report));
    Path page = Files.writeString(temp.resolve("p.md"), "# Speed\n");
    assertThat(run("--markdown=" + json, "--document=" + page)).isEqualTo(1);
    assertThat(err.toString()).contains("the document has no place for the figures");
  }
}
