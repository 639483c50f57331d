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
  @Mixin private RunOptions options;

  @Option(
      names = "--budget",
      paramLabel = "BUDGET",
      defaultValue = "default",
      description =
          "tiny (under a minute, to see that it works), default (minutes), long (half an hour).")
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
      description = "Methods by name, with commas between, such as plain,kd,gendd,regression.")
  private List<String> methods;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    return options.run(Plan.class, this::recipe, Session::of);
  }

  private Recipe recipe() {
    if (!BUDGETS.contains(budget)) {
      throw new ParameterException(
          command.commandLine(),
          "--budget must be one of " + String.join(", ", BUDGETS) + ", got '" + budget + "'");
    }
    String name = budget.equals("default") ? "quickstart" : "quickstart-" + budget;
    Recipe recipe = RecipeFolder.read(name);
    if (student != null) recipe = recipe.with("student", student, "--student");
    if (methods != null) recipe = recipe.with("methods", methods, "--methods");
    if (epochs != null) {
      Plan plan = recipe.as(Plan.class);
      int first = Math.min(epochs / 2, plan.firstStage().epochs());
      recipe = plan.classic().over(recipe, "classic", epochs);
      recipe = plan.firstStage().over(recipe, "first-stage", first);
      recipe = plan.generative().over(recipe, "generative", epochs - first);
    }
    return recipe;
  }
}
