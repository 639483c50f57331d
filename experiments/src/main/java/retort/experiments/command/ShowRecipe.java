package retort.experiments.command;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import retort.experiments.recipe.RecipeFolder;

/// The recipes there are, or one of them: as it is written, or with all it inherits.
@Command(
    name = "recipe",
    description = "Lists the recipes, or shows one: as written, or with all that it inherits.")
public final class ShowRecipe implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "A recipe's name in experiments/recipes, or a file that ends in .yaml.")
  private String name;

  @Option(
      names = "--resolved",
      description = "Show the final values, each with the file and line it comes from.")
  private boolean resolved;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    PrintWriter out = command.commandLine().getOut();
    if (name == null) {
      RecipeFolder.names().forEach(out::println);
      RecipeFolder.rows().forEach(out::println);
    } else out.print(resolved ? RecipeFolder.read(name).resolved() : RecipeFolder.text(name));
    out.flush();
    return 0;
  }
}
