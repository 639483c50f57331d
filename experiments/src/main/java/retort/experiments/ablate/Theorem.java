package retort.experiments.ablate;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import retort.experiments.RunOptions;
import retort.experiments.recipe.Range;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.run.Json;
import retort.experiments.run.Manifest;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Training;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.nn.Module;

/// Theorem 1 of the paper on a real teacher: its identities to rounding, and how far two gradients
/// that it calls surrogates of each other really agree.
@Command(
    name = "theorem",
    description = {
      "Checks the identities behind the paper's theorem on a trained teacher, and measures how"
          + " well",
      "the generative gradient agrees with multi-task ones, by step and by confidence.",
      "Example: retort theorem --teacher runs/quickstart/teacher.safetensors"
    })
public final class Theorem implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--teacher",
      paramLabel = "FILE",
      description = "A trained teacher's checkpoint; it is trained first if not given.")
  private Path teacher;

  @Option(names = "--model", paramLabel = "NAME", description = "The teacher's backbone.")
  private String model;

  @Option(names = "--json", paramLabel = "FILE", description = "Where else to write the results.")
  private Path json;

  /// What a recipe of it holds.
  ///
  /// @param training of the head whose features are looked at
  /// @param steps of the diffusion to look at
  /// @param batches how many batches of test images
  /// @param batch images in each
  /// @param lambdas for the share of labels that contraction corrects
  record Plan(
      long seed,
      Data data,
      Pair pair,
      Training training,
      GenDDOptions gendd,
      @Range(min = 0) List<Integer> steps,
      @Range(min = 1) int batches,
      @Range(min = 1) int batch,
      @Range(min = 0, max = 1) List<Double> lambdas) {}

  /// @param collapse see [Classifier]
  record Results(
      Manifest manifest,
      List<String> findings,
      List<Identities.Identity> identities,
      Classifier classifier,
      List<Survey.Corrected> corrected,
      List<Survey.Agreement> bySteps,
      List<Survey.Agreement> byConfidence) {}

  /// How near the teacher's classifier is to neural collapse, where its rows have one length and
  /// all pairs the cosine -1 / (classes - 1).
  record Classifier(double cosine, double cosineSpread, double collapsed, double lengthSpread) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, this::recipe, this::job);
  }

  private Recipe recipe() {
    Recipe recipe = RecipeFolder.read("theorem");
    if (teacher != null) recipe = recipe.with("pair.checkpoint", teacher, "--teacher");
    return model == null ? recipe : recipe.with("pair.teacher", model, "--model");
  }

  private Consumer<Run> job(Plan plan) {
    Images images = Images.open(plan.data());
    if (!List.of("noise", "clean", "velocity").contains(plan.gendd().predict())) {
      throw new IllegalArgumentException(
          "the theorem is about diffusion: gendd.predict must be noise, clean or velocity, got "
              + plan.gendd().predict());
    }
    return run -> {
      try (Lab lab = new Lab(run, images, plan.seed(), plan)) {
        Ground ground = lab.ground(plan.pair());
        GenDD gendd =
            Module.on(
                run.device(),
                plan.seed(),
                new GenDD(ground.student(plan.seed()), ground.teacher(), plan.gendd()));
        lab.trainer(plan.seed()).train("head", gendd, plan.training());
        var survey = new Survey(plan, ground, gendd, run.progress());
        survey.run();
        Results results = survey.results(lab.manifest());
        var pages = new TheoremPage(plan, images, results);
        if (json != null) Json.write(json, results);
        lab.publish(results, pages.page(), pages.identities(), results.findings());
      }
    };
  }
}
