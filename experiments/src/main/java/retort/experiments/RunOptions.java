package retort.experiments;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.recipe.Recipe;
import retort.experiments.run.RunFolder;
import retort.experiments.terminal.Interrupt;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Run;
import retort.experiments.train.Trainer;
import retort.tensor.Device;

/// The options that every training command takes, and the way it goes: a recipe under the options
/// is kept in the run folder, and `--resume` goes by that one alone. Options that weren't given
/// leave the recipe as it is.
public final class RunOptions {
  /// Stopped by Ctrl-C, as shells count it.
  private static final int INTERRUPTED = 130;

  /// What may be said anew when a run goes on: none of it is part of the recipe.
  private static final List<String> FREE =
      List.of("--out", "--device", "--threads", "--resume", "--debug", "--exact");

  @Option(names = "--seed", paramLabel = "N", description = "Seed of all random draws.")
  private Long seed;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = {
        "'embedded', a CIFAR-10 or CIFAR-100 archive or folder, or a folder of idx files."
      })
  private String data;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Any value of the recipe, such as training.rate=0.1 or methods=[kd,gendd].")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "The run folder; the next free one under runs/ if not given.")
  private Path out;

  @Mixin private DeviceOptions devices;

  @Option(names = "--resume", description = "Continue the run in the folder that --out names.")
  private boolean resume;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /// Does a run from its beginning, or goes on with the one in the folder.
  ///
  /// @param fresh the recipe of a new run, under the command's own options
  /// @param job looks at everything that may be refused, and gives back what is then to be done; a
  ///   refused run leaves no folder behind
  public <P extends Record> int run(
      Class<P> type, Supplier<Recipe> fresh, Function<P, Consumer<Run>> job) {
    devices.check(command);
    PrintWriter out = command.commandLine().getOut();
    RunFolder old = resume ? resumed() : null;
    Recipe recipe = resume ? Recipe.read(old.file(RunFolder.RECIPE)) : over(fresh.get());
    Consumer<Run> work = job.apply(recipe.as(type));
    Device on = devices.open(command);
    RunFolder folder = resume ? old : created();
    if (!resume) folder.write(RunFolder.RECIPE, recipe.resolved());
    out.println(command.name() + ": writing to " + folder.path());
    try (Interrupt interrupt = new Interrupt()) {
      work.accept(
          new Run(
              command.root().commandLine().getParseResult().originalArgs(),
              folder,
              recipe.resolved(),
              on,
              Progress.to(out),
              interrupt::requested,
              out));
      return 0;
    } catch (Trainer.Interrupted e) {
      out.println();
      out.println(e.getMessage());
      out.println(
          "go on with: ./" + command.qualifiedName(" ") + " --resume --out " + folder.path());
      return INTERRUPTED;
    }
  }

  /// The recipe under the options given.
  private Recipe over(Recipe recipe) {
    Recipe under = recipe;
    if (seed != null) under = under.with("seed", seed, "--seed");
    if (data != null) under = under.with("data.from", data, "--data");
    for (var e : set.entrySet())
      under = under.with(e.getKey(), listed(e.getValue()), "--set " + e.getKey());
    return under;
  }

  /// `[a,b]` is a list, all else as it is.
  private static Object listed(String value) {
    if (!value.startsWith("[") || !value.endsWith("]")) return value;
    return List.of(value.substring(1, value.length() - 1).split(" *, *"));
  }

  private RunFolder created() {
    return RunFolder.create(
        out == null
            ? nextFree(Path.of("runs"), command.qualifiedName("-").replaceFirst("^retort-", ""))
            : out);
  }

  private RunFolder resumed() {
    command.commandLine().getParseResult().matchedOptions().stream()
        .map(option -> option.longestName())
        .filter(name -> !FREE.contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw wrong("--resume goes by the run's own recipe; leave out " + name);
        });
    if (out == null) throw wrong("--resume needs the folder of the run to continue: --out FOLDER");
    return RunFolder.resume(out);
  }

  static Path nextFree(Path runs, String name) {
    int n = 1;
    while (Files.exists(runs.resolve(name + "-" + n))) n++;
    return runs.resolve(name + "-" + n);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
