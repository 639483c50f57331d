package retort.experiments.command;

import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import retort.experiments.RunOptions;
import retort.experiments.recipe.Recipe;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.experiments.train.Training;

/// Trains one backbone by labels alone: how teachers are made. The checkpoint is named after the
/// model.
@Command(
    name = "train",
    description = {
      "Trains a backbone by labels alone, as a recipe says.",
      "Example: retort train --model resnet20 --data cifar-100-binary.tar.gz --epochs 30"
    })
public final class Train implements Callable<Integer> {
  /// What `--model` alone is trained by.
  private static final String DEFAULT = "train";

  @Mixin private RunOptions options;
  @Mixin private RecipeOptions recipes;

  @Option(names = "--model", paramLabel = "NAME", description = "The backbone; see retort models.")
  private String model;

  /// What a recipe of this command holds.
  record Plan(long seed, Data data, String model, Training training) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, this::recipe, Train::teach);
  }

  private static Consumer<Run> teach(Plan plan) {
    Images images = Images.open(plan.data());
    images.backbone(plan.model()); // an unknown model is refused here
    return run -> {
      try (Study study = new Study(run, images, plan.seed(), plan)) {
        study.teach(plan.model(), plan.model(), plan.training());
        study.finish();
      }
      run.out().println(run.folder().file(plan.model() + ".safetensors"));
    };
  }

  private Recipe recipe() {
    Recipe recipe = recipes.read(model == null ? null : DEFAULT);
    if (model != null) recipe = recipe.with("model", model, "--model");
    return recipes.over(recipe, r -> r.as(Plan.class).training());
  }
}
