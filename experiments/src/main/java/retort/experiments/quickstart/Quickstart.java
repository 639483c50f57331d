package retort.experiments.quickstart;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.RunOptions;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.run.RunFolder;
import retort.experiments.terminal.Interrupt;
import retort.experiments.terminal.Progress;
import retort.experiments.train.Trainer;
import retort.tensor.Device;

/// The main job: a teacher, students distilled from it several ways on the embedded data, a table
/// and a report. All that it does is in its recipe, which the run folder keeps; `--resume` goes by
/// that one.
@Command(
    name = "quickstart",
    description = {
      "Trains a teacher and distils students from it in several ways, on data that ships with"
          + " Retort.",
      "Writes results.json, log.jsonl, checkpoints and report.html into the run folder."
    })
public final class Quickstart implements Callable<Integer> {
  private static final List<String> BUDGETS = List.of("tiny", "default", "long");
  private static final String RECIPE = "recipe.yaml";

  /// Stopped by Ctrl-C, as shells count it.
  private static final int INTERRUPTED = 130;

  @Mixin private RunOptions options;

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      defaultValue = "default",
      description =
          "tiny (under a minute, to see that it works), default (minutes), long (an hour).")
  private String budget;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Epochs of every student, instead of the budget's.")
  private Integer epochs;

  @Option(
      names = "--student",
      paramLabel = "MODEL",
      description = "The student's backbone, such as resnet8 or mobilenetv2.")
  private String student;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      description = "Some of plain, kd, gendd, gendd-unlabelled, mse, with commas between.")
  private List<String> methods;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    Recipe chosen = options.resume() ? null : recipe();
    RunFolder folder = options.folder();
    Recipe recipe = chosen != null ? chosen : Recipe.read(folder.file(RECIPE));
    Plan plan = recipe.as(Plan.class);
    if (chosen != null) folder.write(RECIPE, recipe.resolved());
    var out = command.commandLine().getOut();
    out.println("quickstart: writing to " + folder.path());
    try (Interrupt interrupt = new Interrupt()) {
      Device device = Device.cpu(options.threads());
      new Session(plan, folder, device, Progress.to(out), interrupt, out)
          .run(words(), recipe.resolved());
      return 0;
    } catch (Trainer.Interrupted e) {
      out.println();
      out.println(e.getMessage());
      out.println("go on with: ./retort quickstart --resume --out " + folder.path());
      return INTERRUPTED;
    }
  }

  /// The command line as it was typed.
  private List<String> words() {
    return command.root().commandLine().getParseResult().originalArgs();
  }

  private Recipe recipe() {
    if (!BUDGETS.contains(budget)) {
      throw new ParameterException(
          command.commandLine(),
          "--budget must be one of " + String.join(", ", BUDGETS) + ", got '" + budget + "'");
    }
    String name = budget.equals("default") ? "quickstart" : "quickstart-" + budget;
    Recipe recipe = options.over(RecipeFolder.read(name));
    if (student != null) recipe = recipe.with("student", student, "--student");
    if (methods != null) recipe = recipe.with("methods", methods, "--methods");
    if (epochs != null) {
      int first = Math.min(epochs / 2, recipe.as(Plan.class).firstStage().epochs());
      recipe =
          recipe
              .with("classic.epochs", epochs, "--epochs")
              .with("first-stage.epochs", first, "--epochs")
              .with("generative.epochs", epochs - first, "--epochs");
    }
    return recipe;
  }
}
