package retort.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import retort.experiments.DeviceOptions;
import retort.experiments.Failure;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.run.Provenance;
import retort.experiments.table.Comparisons;
import retort.experiments.table.DryRun;
import retort.experiments.table.Ledger;
import retort.experiments.table.Row;
import retort.experiments.table.Rows;
import retort.experiments.table.Scale;
import retort.experiments.table.Tables;
import retort.experiments.terminal.Interrupt;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Curriculum;
import retort.experiments.train.Trainer;
import retort.tensor.Device;

/// A table of the paper: runs the rows it lacks and shows ours beside the paper's. Stopped and
/// started again, it goes on where it was.
@Command(
    name = "table",
    description = {
      "Runs the rows of a table of the paper, or what they lack, and prints ours beside the"
          + " paper's.",
      "Tables: 3 ImageNet, 4 without labels and ImageNet-LT, 5 and 6 CIFAR-100, 8 ImageNet-LT by",
      "shots, ablations, cifar100-lt. Stopped and started again, it goes on where it was.",
      "Example: retort table 5 --scale tiny --rows r8x4,wrn16-2 --methods all --epochs 1"
    })
public final class PaperTable implements Callable<Integer> {
  /// Stopped by Ctrl-C, as shells count it.
  private static final int INTERRUPTED = 130;

  private static final int FAILED = 1;

  @Parameters(paramLabel = "TABLE", description = "The table's number or name.")
  private String table;

  @Option(
      names = "--dry-run",
      description = {
        "Train nothing: print each row's command, multiply-adds, memory and the time it will take"
            + " on",
        "this machine, going by some steps that are measured."
      })
  private boolean dryRun;

  @Option(
      names = "--rows",
      split = ",",
      paramLabel = "NAME",
      description = "Rows by name, with commas between; all if not given.")
  private List<String> rows;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      description = "Methods by name, or 'all' that fit; the paper's if not given.")
  private List<String> methods;

  @Option(
      names = "--scale",
      defaultValue = "paper",
      paramLabel = "SCALE",
      description = "tiny, small or paper (the default), by the rules below.")
  private Scale scale;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Epochs of every training, instead of the scale's.")
  private Integer epochs;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Seeds 1 to N of every method: 3 if not given, at the tiny scale 1.")
  private Integer seeds;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The data, where they aren't where the recipes say.")
  private String data;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any value of every row's recipe, such as classic.rate=0.1.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--out",
      defaultValue = "runs/tables",
      paramLabel = "FOLDER",
      description = "The folder of all tables' runs; runs/tables if not given.")
  private Path out;

  @Mixin private DeviceOptions devices;

  private CommandSpec command;

  /// The help ends with the rules of the scales, as the tables name them.
  @Spec
  void spec(CommandSpec spec) {
    command = spec;
    spec.usageMessage()
        .footer(
            Arrays.stream(Scale.values())
                .map(s -> s.rule().replace("%", "%%"))
                .toArray(String[]::new));
  }

  @Override
  public Integer call() {
    if (epochs != null && epochs < 1) throw wrong("--epochs must be at least 1, got " + epochs);
    if (seeds != null && seeds < 1) throw wrong("--seeds must be at least 1, got " + seeds);
    devices.check(command);
    int times = seeds != null ? seeds : scale == Scale.TINY ? 1 : 3;
    Tables.Entry entry = Tables.read().named(table);
    PrintWriter to = command.commandLine().getOut();
    to.println("Table " + table + ": " + entry.title());
    to.println("Scale " + scale.rule() + (epochs == null ? "" : "; --epochs " + epochs));
    Map<String, Recipe> recipes = new LinkedHashMap<>();
    for (String row : entry.rows(rows)) recipes.put(row, recipe(row));
    return dryRun ? estimate(recipes, times, to) : run(recipes, times, to);
  }

  private Recipe recipe(String row) {
    Recipe recipe = scale.of(RecipeFolder.read(row), epochs);
    if (data != null) recipe = recipe.with("data.from", data, "--data");
    for (var e : set.entrySet())
      recipe = recipe.with(e.getKey(), e.getValue(), "--set " + e.getKey());
    return recipe;
  }

  private List<String> methods(Row row) {
    return methods == null ? row.methods() : methods;
  }

  /// Only methods that are asked for by name must fit: the paper has rows of which not every method
  /// can be repeated here, such as ReviewKD of a teacher without maps.
  private boolean fitting() {
    return methods == null || methods.contains(Curriculum.ALL);
  }

  private int run(Map<String, Recipe> recipes, int times, PrintWriter to) {
    List<String> words = command.root().commandLine().getParseResult().originalArgs();
    List<Failure> failures = new ArrayList<>();
    try (Interrupt interrupt = new Interrupt()) {
      Device on = devices.open(command);
      Rows running = new Rows(out, words, scale, on, Progress.to(to), interrupt::requested);
      for (var e : recipes.entrySet()) {
        List<String> wanted = methods(e.getValue().as(Row.class));
        running.run(e.getKey(), e.getValue(), wanted, fitting(), times);
      }
      failures.addAll(running.failures());
    } catch (Trainer.Interrupted e) {
      to.println();
      to.println(e.getMessage());
      to.println("the same command goes on from there");
      return INTERRUPTED;
    }
    print(recipes, times, to);
    for (Failure failure : failures) command.commandLine().getErr().println(failure.text());
    return failures.isEmpty() ? 0 : FAILED;
  }

  private void print(Map<String, Recipe> recipes, int times, PrintWriter to) {
    Comparisons comparisons = new Comparisons();
    Provenance first = null;
    String firstRow = "";
    for (var e : recipes.entrySet()) {
      Row row = e.getValue().as(Row.class);
      Ledger ledger = Ledger.of(Rows.folder(out, e.getKey(), scale), times);
      if (!ledger.isEmpty()) {
        Provenance shared =
            ledger.provenance().without("configuration").without("teacherHash").without("data");
        if (first == null) {
          first = shared;
          firstRow = e.getKey();
        } else {
          first.checkSame(firstRow, shared, e.getKey());
        }
      }
      List<String> shown = methods(row).contains(Curriculum.ALL) ? ledger.methods() : methods(row);
      comparisons.add(Tables.shortName(e.getKey()), row.paper(), shown, ledger);
    }
    to.println();
    to.println(comparisons.table());
    comparisons.shots().ifPresent(to::println);
    to.println(
        "Accuracies in percent on the test images, looked at once a run after training; "
            + times
            + (times == 1 ? " seed." : " seeds: mean ± half of Student's 95 % interval.")
            + " The best epoch is the validation images'. p: Student's paired test over the"
            + " seeds.");
    to.println("A page of it: ./retort report " + String.join(" ", folders(recipes)));
  }

  private List<String> folders(Map<String, Recipe> recipes) {
    return recipes.keySet().stream().map(row -> Rows.folder(out, row, scale).toString()).toList();
  }

  private int estimate(Map<String, Recipe> recipes, int times, PrintWriter to) {
    DryRun dry = new DryRun(devices.open(command), times, to);
    recipes.forEach((name, recipe) -> {
      Row row = recipe.as(Row.class);
      dry.add(name, row, methods(row), fitting(), words(name));
    });
    to.println();
    to.println(dry.table());
    dry.notes().forEach(to::println);
    return 0;
  }

  /// The command of one row alone.
  private String words(String row) {
    StringBuilder words = new StringBuilder("./retort table " + table + " --rows ");
    words.append(Tables.shortName(row)).append(" --scale ").append(scale);
    if (epochs != null) words.append(" --epochs ").append(epochs);
    if (seeds != null) words.append(" --seeds ").append(seeds);
    if (data != null) words.append(" --data ").append(data);
    set.forEach((key, value) -> words.append(" --set ").append(key).append('=').append(value));
    return words.toString();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
