package retort.experiments.command;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import retort.experiments.RunOptions;
import retort.experiments.recipe.Recipe;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Method;
import retort.experiments.train.Pretrained;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.experiments.train.Training;
import retort.gendd.Teacher;
import retort.gendd.generative.GenDDOptions;
import retort.nn.backbone.Backbone;

/// Makes one student from a teacher that is there already. The checkpoint is named after the
/// method.
@Command(
    name = "distill",
    description = {
      "Makes a student from a trained teacher, as a recipe says.",
      "Example: retort distill fashion-gendd"
    })
public final class Distill implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private RecipeOptions recipes;

  @Option(
      names = "--teacher",
      paramLabel = "FILE",
      description = "The teacher's checkpoint, instead of the recipe's.")
  private Path teacher;

  @Option(names = "--student", paramLabel = "MODEL", description = "The student's backbone.")
  private String student;

  /// What a recipe of this command holds.
  ///
  /// @param firstStage how the student is trained before it generates
  record Plan(
      long seed,
      Data data,
      TeacherPlan teacher,
      String student,
      String method,
      Optional<Training> firstStage,
      Training training,
      Optional<GenDDOptions> gendd) {

    /// @param recipe what trains the teacher
    record TeacherPlan(String model, Path checkpoint, String recipe) {}

    Plan {
      how(method, training, firstStage, gendd);
    }

    Method how() {
      return how(method, training, firstStage, gendd);
    }

    private static Method how(
        String method,
        Training training,
        Optional<Training> firstStage,
        Optional<GenDDOptions> gendd) {
      return new Method(method, training, firstStage, gendd);
    }
  }

  @Override
  public Integer call() {
    return options.run(Plan.class, this::recipe, Distill::distil);
  }

  private static Consumer<Run> distil(Plan plan) {
    var from = plan.teacher();
    Pretrained file = Pretrained.teacher(from.checkpoint(), from.recipe());
    Images images = Images.open(plan.data());
    images.backbone(plan.student()); // an unknown model is refused here
    Backbone school = images.backbone(from.model());
    return run -> {
      Teacher teacher = new Teacher(file.as(from.model(), school, run.device()));
      try (Study study = new Study(run, images, plan.seed(), plan)) {
        study.distil(plan.how(), plan.student(), new Study.School(from.model(), teacher));
        study.finish();
      }
      run.out().println(run.folder().file(plan.method() + ".safetensors"));
    };
  }

  private Recipe recipe() {
    Recipe recipe = recipes.read(null);
    if (teacher != null) recipe = recipe.with("teacher.checkpoint", teacher, "--teacher");
    if (student != null) recipe = recipe.with("student", student, "--student");
    return recipes.over(recipe, r -> r.as(Plan.class).training());
  }
}
