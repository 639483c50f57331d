package retort.experiments.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import retort.experiments.RunOptions;
import retort.experiments.recipe.Recipe;
import retort.experiments.recipe.RecipeFolder;
import retort.experiments.train.Comparison;
import retort.experiments.train.Curriculum;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Lesson;
import retort.experiments.train.Pretrained;
import retort.experiments.train.Run;
import retort.experiments.train.Study;
import retort.experiments.train.Training;
import retort.gendd.Teacher;

/// Many methods on one pair of nets: one teacher, one table.
@Command(
    name = "compare",
    description = {
      "Makes a student by every method from one teacher, and shows one table.",
      "Example: retort compare --data cifar-100-binary.tar.gz --methods all --epochs 1",
      "A run that was stopped goes on with --resume; what is finished is not repeated."
    })
public final class Compare implements Callable<Integer> {
  private static final String DEFAULT = "compare";

  @Mixin private RunOptions options;

  @Parameters(
      arity = "0..1",
      defaultValue = DEFAULT,
      paramLabel = "RECIPE",
      description = "A recipe's name in experiments/recipes, or a file that ends in .yaml.")
  private String recipe;

  @Option(
      names = "--methods",
      split = ",",
      paramLabel = "NAME",
      description = {
        "Methods by name, with commas between; see retort methods. plain-control and kd-control",
        "are trained as GenDD is. 'all' is all that fit the pair."
      })
  private List<String> methods;

  @Option(names = "--epochs", paramLabel = "N", description = "Epochs of every training.")
  private Integer epochs;

  @Option(
      names = "--teacher",
      paramLabel = "FILE",
      description = "A teacher's checkpoint, instead of training one.")
  private Path teacher;

  @Option(names = "--student", paramLabel = "MODEL", description = "The students' backbone.")
  private String student;

  /// What a recipe of this command holds.
  ///
  /// @param options by method, its numbers that differ from the defaults for the pair of nets
  record Plan(
      long seed,
      Data data,
      TeacherPlan teacher,
      String student,
      List<String> methods,
      Training classic,
      Training firstStage,
      Training generative,
      Training probe,
      Optional<Map<String, Map<String, Double>>> options) {

    /// @param checkpoint a trained one, which is then not trained here
    record TeacherPlan(String model, Optional<Path> checkpoint, Training training) {}

    Curriculum curriculum() {
      return new Curriculum(
          classic,
          firstStage,
          generative,
          probe,
          Map.of(),
          options.orElse(Map.of()),
          Optional.empty());
    }
  }

  @Override
  public Integer call() {
    return options.run(Plan.class, this::recipe, Compare::compare);
  }

  private static Consumer<Run> compare(Plan plan) {
    Images images = Images.open(plan.data());
    var from = plan.teacher();
    Optional<Pretrained> file = from.checkpoint().map(Pretrained::read);
    file.ifPresent(f -> f.check(from.model(), images));
    Comparison comparison =
        new Comparison(
            images,
            new Lesson.Pair(from.model(), plan.student()),
            plan.curriculum(),
            plan.methods());
    return run -> {
      try (Study study = new Study(run, images, plan.seed(), plan)) {
        Study.School school =
            file.isEmpty()
                ? study.teach("teacher", from.model(), from.training())
                : new Study.School(
                    from.model(), new Teacher(file.get().as(from.model(), images, run.device())));
        comparison.run(run, study, school);
      }
      run.out().println(run.folder().file("results.json"));
    };
  }

  private Recipe recipe() {
    Recipe read = RecipeFolder.read(recipe);
    if (teacher != null) read = read.with("teacher.checkpoint", teacher, "--teacher");
    if (student != null) read = read.with("student", student, "--student");
    if (methods != null) read = read.with("methods", methods, "--methods");
    if (epochs == null) return read;
    Plan plan = read.as(Plan.class);
    read = plan.teacher().training().over(read, "teacher.training", epochs);
    read = plan.classic().over(read, "classic", epochs);
    read = plan.firstStage().over(read, "first-stage", epochs);
    read = plan.generative().over(read, "generative", epochs);
    return plan.probe().over(read, "probe", epochs);
  }
}
