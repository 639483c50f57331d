package retort.experiments.ablate;

import java.nio.file.Path;
import picocli.CommandLine.Option;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;

/// How large an ablation is: which of its recipes it goes by.
final class ScaleOptions {
  enum Scale {
    SMALL,
    PAPER
  }

  @Option(
      names = "--scale",
      paramLabel = "SCALE",
      defaultValue = "small",
      description = "small (minutes on two cores; the default) or paper (days).")
  private Scale scale;

  @Option(
      names = "--teacher",
      paramLabel = "FILE",
      description = "A trained teacher's checkpoint; it is trained first if not given.")
  private Path teacher;

  Recipe recipe(String ablation) {
    Recipe recipe =
        RecipeFolder.read("ablate-" + ablation + (scale == Scale.PAPER ? "-paper" : ""));
    return teacher == null ? recipe : recipe.with("pair.checkpoint", teacher, "--teacher");
  }
}
