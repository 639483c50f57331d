package retort.experiments.command;

import java.nio.file.Path;
import java.util.Map;
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
import retort.experiments.train.Lesson;
import retort.experiments.train.Pretrained;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.experiments.train.Training;
import retort.gendd.Teacher;
import retort.gendd.generative.GenDDOptions;

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

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description = "A checkpoint that the student begins with, such as one to be probed.")
  private Path from;

  /// What a recipe of this command holds.
  ///
  /// @param from a file of weights that the student begins with, such as the one to be probed
  /// @param firstStage how the student is trained before it generates
  /// @param options numbers of the method that differ from its defaults for the pair of nets
  /// @param gendd all of GenDD's options, in place of the defaults
  record Plan(
      long seed,
      Data data,
      TeacherPlan teacher,
      String student,
      String method,
      Optional<Path> from,
      Optional<Training> firstStage,
      Training training,
      Optional<Map<String, Double>> options,
      Optional<GenDDOptions> gendd) {

    /// @param recipe what trains the teacher
    record TeacherPlan(String model, Path checkpoint, String recipe) {}

    Lesson lesson() {
      return new Lesson(
          method, method, training, firstStage, from, options.orElse(Map.of()), gendd);
    }
  }

  @Override
  public Integer call() {
    return options.run(Plan.class, this::recipe, Distill::distil);
  }

  private static Consumer<Run> distil(Plan plan) {
    Lesson lesson = plan.lesson();
    var from = plan.teacher();
    Pretrained file = Pretrained.teacher(from.checkpoint(), from.recipe());
    Images images = Images.open(plan.data());
    file.check(from.model(), images);
    lesson.check(images, new Lesson.Pair(from.model(), plan.student()));
    return run -> {
      Teacher teacher = new Teacher(file.as(from.model(), images, run.device()));
      try (Study study = new Study(run, images, plan.seed(), plan)) {
        study.distil(lesson, plan.student(), new Study.School(from.model(), teacher));
        study.finish();
      }
      run.out().println(run.folder().file(plan.method() + ".safetensors"));
    };
  }

  private Recipe recipe() {
    Recipe recipe = recipes.read(null);
    if (teacher != null) recipe = recipe.with("teacher.checkpoint", teacher, "--teacher");
    if (from != null) recipe = recipe.with("from", from, "--from");
    if (student != null) recipe = recipe.with("student", student, "--student");
    return recipes.over(recipe, r -> r.as(Plan.class).training());
  }
}
