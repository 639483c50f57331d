package retort.experiments.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Cli;
import retort.experiments.run.Accuracy;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Reading;
import retort.experiments.run.RunFolder;

/// Opens the report of a long-tailed run in a browser without a window, and asks it what it has
/// drawn.
class ReportInBrowserTest {
  /// Says of every table and drawing how large it came out, and how many marks are in it.
  private static final String MEASURE =
      """
      <script>
      const said = [];
      for (const t of document.querySelectorAll('table')) {
        const box = t.getBoundingClientRect();
        said.push(`table ${t.querySelectorAll('tbody tr').length} ${Math.round(box.width)}x${Math.round(box.height)}`);
      }
      for (const s of document.querySelectorAll('svg')) {
        const box = s.getBBox();
        const marks = [...s.querySelectorAll('circle,path,rect')].filter(m => m.getBoundingClientRect().width > 0);
        said.push(`svg "${s.getAttribute('aria-label')}" ${marks.length} ${Math.round(box.width)}x${Math.round(box.height)}`);
      }
      const pre = document.createElement('pre');
      pre.id = 'measured';
      pre.textContent = said.join('\\n');
      document.body.append(pre);
      </script>
      """;

  @TempDir Path temp;

  record Plan(long seed) {}

  private Path run() {
    for (int seed = 1; seed <= 2; seed++) {
      RunFolder folder = RunFolder.create(temp.resolve("run/seed-" + seed));
      Manifest.of(List.of("table"), new Plan(seed), seed, "cifar-100", "aa", "cpu").settle(folder);
      for (String method : List.of("plain", "kd", "gendd")) {
        folder.write(method + ".outcome.json", Json.pretty(outcome(method, seed)));
      }
    }
    return temp.resolve("run");
  }

  private static Outcome outcome(String method, int seed) {
    Map<String, Double> shots = new LinkedHashMap<>();
    shots.put("many", 0.6 + 0.01 * seed);
    shots.put("medium", 0.4);
    shots.put("few", 0.1 + 0.002 * method.length() * seed);
    List<Reading> readings = new ArrayList<>();
    int right = 400 + 10 * method.length() + 3 * seed;
    readings.add(new Reading("student", Accuracy.of(right, 1000), 0.7, shots, 78_000, 12_000_000));
    if (method.equals("gendd")) {
      readings.add(
          new Reading(
              "generated x1", Accuracy.of(right + 9, 1000), 0.7, shots, 400_000, 160_000_000));
    }
    List<Outcome.Epoch> epochs = new ArrayList<>();
    for (int e = 0; e < 4; e++) {
      epochs.add(new Outcome.Epoch(e, Map.of("loss", 4.0 / (e + seed)), 0.1 * e + 0.05, 2));
    }
    return new Outcome(method, "resnet20", readings, new Outcome.Best(3, readings), 8, epochs);
  }

  @Test
  void everyTableAndDrawingIsThereAndTheConsoleIsSilent() throws Exception {
    Path page = temp.resolve("report.html");
    Cli report = Cli.run("report", run(), "--out", page);
    assertThat(report.err()).isEmpty();
    String html = Files.readString(page);
    assertThat(html).doesNotContain("<script", "http://", "https://cdn", "src=");
    Path measured =
        Files.writeString(
            temp.resolve("measured.html"), html.replace("</body>", MEASURE + "</body>"));

    Browsed browsed = browse(measured);
    assertThat(browsed.console).as("the console").isEmpty();
    Matcher found =
        Pattern.compile("<pre id=\"measured\">(.*?)</pre>", Pattern.DOTALL).matcher(browsed.dom);
    assertThat(found.find()).as(browsed.dom).isTrue();
    List<String> said = found.group(1).lines().toList();
    assertThat(said.stream().filter(line -> line.startsWith("table")))
        .hasSize(2)
        .allMatch(line -> line.matches("table [1-9]\\d* [1-9]\\d{2}x[1-9]\\d+"));
    assertThat(said.stream().filter(line -> line.startsWith("svg")))
        .allMatch(line -> line.matches("svg \".*\" ([3-9]|[1-9]\\d+) [1-9]\\d{2}x[1-9]\\d{2}"))
        .extracting(line -> line.split("\"")[1])
        .containsExactly(
            "Accuracy on the test images",
            "Accuracy by the number of training images",
            "Accuracy on the validation images",
            "Training loss",
            "Cost and accuracy");
  }

  private record Browsed(String dom, List<String> console) {}

  private Browsed browse(Path page) throws IOException, InterruptedException {
    Optional<Path> browser = browser();
    assumeTrue(browser.isPresent(), "no chromium, chromium-browser or google-chrome on the PATH");
    Path dom = temp.resolve("dom.html"), log = temp.resolve("browser.log");
    Process process =
        new ProcessBuilder(
                browser.get().toString(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--window-size=1000,3000",
                "--user-data-dir=" + temp.resolve("profile"),
                "--enable-logging=stderr",
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dom.toFile())
            .redirectError(log.toFile())
            .start();
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) process.destroyForcibly().waitFor();
    assertThat(ended).as("the browser ended").isTrue();
    try (Stream<String> lines = Files.lines(log)) {
      return new Browsed(
          Files.readString(dom), lines.filter(line -> line.contains("CONSOLE")).toList());
    }
  }

  private static Optional<Path> browser() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(folder ->
            Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
