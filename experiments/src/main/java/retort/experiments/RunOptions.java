package retort.experiments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.recipe.Recipe;
import retort.experiments.run.RunFolder;

/// The options that every training command takes. Those that weren't given leave the recipe as it
/// is.
public final class RunOptions {
  @Option(names = "--seed", paramLabel = "N", description = "Seed of all random draws.")
  private Long seed;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description = "The run folder; the next free one under runs/ if not given.")
  private Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description =
          "Threads to compute with; all cores if not given. The results don't depend on it.")
  private Integer threads;

  @Option(names = "--resume", description = "Continue the run in the folder that --out names.")
  private boolean resume;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  public boolean resume() {
    return resume;
  }

  public int threads() {
    int n = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (n < 1) throw wrong("--threads must be at least 1, got " + n);
    return n;
  }

  /// The recipe under the options given.
  public Recipe over(Recipe recipe) {
    return seed == null ? recipe : recipe.with("seed", seed, "--seed");
  }

  /// Opens the run folder, new or, with `--resume`, the old one.
  public RunFolder folder() {
    if (resume) {
      return RunFolder.resume(
          Optional.ofNullable(out)
              .orElseThrow(
                  () -> wrong("--resume needs the folder of the run to continue: --out FOLDER")));
    }
    return RunFolder.create(out == null ? nextFree(Path.of("runs"), command.name()) : out);
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
