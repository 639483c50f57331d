package retort.experiments.command;

import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.train.Training;

/// Which recipe a command of one training goes by, and for how long.
final class RecipeOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "RECIPE",
      description = "A recipe's name in experiments/recipes, or a file that ends in .yaml.")
  private String recipe;

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs, instead of the recipe's.")
  private Integer epochs;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /// @param otherwise the recipe to take where none is named, or null to refuse that
  Recipe read(String otherwise) {
    if (recipe == null && otherwise == null) {
      throw new ParameterException(
          command.commandLine(),
          "name a recipe: one of " + String.join(", ", RecipeFolder.names()) + ", or a file");
    }
    return RecipeFolder.read(recipe == null ? otherwise : recipe);
  }

  /// The recipe under the options, where its section `training` can be read by the function.
  Recipe over(Recipe recipe, Function<Recipe, Training> training) {
    return epochs == null ? recipe : training.apply(recipe).over(recipe, "training", epochs);
  }
}
