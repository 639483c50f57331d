package retort.experiments.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import retort.experiments.Failure;
import retort.experiments.recipe.Recipe;
import retort.experiments.run.Manifest;
import retort.experiments.run.RunFolder;
import retort.experiments.table.Ledger;
import retort.experiments.table.Row;
import retort.experiments.table.RunReport;
import retort.nn.io.AtomicFile;

/// One HTML page about finished runs.
@Command(
    name = "report",
    description = {
      "Makes one self-contained HTML page about finished runs: table with intervals, curves,"
          + " per-shot",
      "bars, cost and accuracy.",
      "Example: retort report runs/tables/table5/r8x4/tiny --out r8x4.html"
    })
public final class MakeReport implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "A run folder, or a folder with one a seed (seed-1, seed-2, ...).")
  private List<Path> runs;

  @Mixin private OutputOption out;

  @Override
  public Integer call() {
    RunReport report = new RunReport();
    for (Path run : runs) add(report, name(run), run);
    byte[] html = report.html().getBytes(StandardCharsets.UTF_8);
    out.write("report.html", to -> AtomicFile.write(to, file -> file.write(html)));
    return 0;
  }

  /// What tells the run from the others: its path without the folders that all begin with, and
  /// those that all end in.
  private String name(Path run) {
    if (runs.size() == 1) return run.toString();
    int shortest = runs.stream().mapToInt(Path::getNameCount).min().orElseThrow();
    int head = 0, tail = 0;
    while (head < shortest - 1 && distinct(head) == 1) head++;
    while (head + tail < shortest - 1 && distinct(-1 - tail) == 1) tail++;
    return run.subpath(head, run.getNameCount() - tail).toString();
  }

  /// How many names the runs' paths have at a place, counted from their ends if negative.
  private long distinct(int place) {
    return runs.stream()
        .map(path -> path.getName(Math.floorMod(place, path.getNameCount())))
        .distinct()
        .count();
  }

  private static void add(RunReport report, String name, Path run) {
    List<Path> folders = folders(run);
    Ledger ledger = new Ledger();
    folders.forEach(ledger::add);
    if (ledger.isEmpty()) {
      throw new Failure(
          "no training has been tested in this run",
          run.toString(),
          "name the folder of a run that has finished one; retort train, distill, compare,"
              + " quickstart and table make them");
    }
    RunFolder first = RunFolder.resume(folders.getFirst());
    Map<String, String> texts = new LinkedHashMap<>();
    if (first.holds(RunFolder.RECIPE)) texts.put("recipe", first.read(RunFolder.RECIPE));
    texts.put("manifest", first.read(Manifest.FILE));
    report.add(name, ledger, paper(first), texts);
  }

  private static List<Path> folders(Path run) {
    if (!Files.isDirectory(run)) {
      throw new Failure(
          "there is no such run",
          run.toString(),
          "name the folder that the training wrote to, such as runs/quickstart-1");
    }
    if (Files.exists(run.resolve(Manifest.FILE))) return List.of(run);
    try (Stream<Path> inside = Files.list(run)) {
      List<Path> seeds =
          inside
              .filter(f -> f.getFileName().toString().matches("seed-\\d+"))
              .filter(f -> Files.exists(f.resolve(Manifest.FILE)))
              .sorted()
              .toList();
      if (!seeds.isEmpty()) return seeds;
    } catch (IOException e) {
      throw new Failure("cannot list the folder", run, "make it readable", e);
    }
    throw new Failure(
        "no run: neither manifest.json nor folders seed-1, seed-2, ...",
        run.toString(),
        "name the folder that the training wrote to");
  }

  /// What the paper says, where the run is of one of its rows.
  private static Row.Paper paper(RunFolder run) {
    Optional<Row.Paper> paper = Optional.empty();
    if (run.holds(RunFolder.RECIPE)
        && run.read(RunFolder.RECIPE).lines().anyMatch(line -> line.startsWith("paper:"))) {
      paper = Optional.of(Recipe.read(run.file(RunFolder.RECIPE)).as(Row.class).paper());
    }
    return paper.orElse(
        new Row.Paper(
            "", Map.of(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }
}
