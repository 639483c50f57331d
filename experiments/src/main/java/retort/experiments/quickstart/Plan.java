package retort.experiments.quickstart;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import retort.experiments.recipe.Range;
import retort.experiments.train.Curriculum;
import retort.experiments.train.Data;
import retort.experiments.train.Training;
import retort.gendd.generative.GenDDOptions;

/// The quickstart as data: what `experiments/recipes/quickstart*.yaml` hold.
///
/// @param methods what students are made by; see [retort.gendd.methods.Methods]
/// @param classic how students of classic methods are trained
/// @param firstStage how a generative student is trained before it generates; 0 epochs for not at
///   all
/// @param generative how generative students are trained then; but for the long budget it takes
///   with the first stage as many epochs as `classic`
/// @param pictured how many test images the picture of the generation follows
public record Plan(
    long seed,
    Data data,
    TeacherPlan teacher,
    String student,
    List<String> methods,
    Training classic,
    Training firstStage,
    Training generative,
    GenDDOptions gendd,
    @Range(min = 1) int pictured) {

  /// @param model its backbone
  public record TeacherPlan(String model, Training training) {}

  public Plan {
    methods = List.copyOf(methods);
    Curriculum lessons = curriculum(classic, firstStage, generative, gendd);
    Curriculum.expand(methods).forEach(lessons::lesson); // an unknown name is refused here
  }

  Curriculum curriculum() {
    return curriculum(classic, firstStage, generative, gendd);
  }

  private static Curriculum curriculum(
      Training classic, Training firstStage, Training generative, GenDDOptions gendd) {
    return new Curriculum(
        classic, firstStage, generative, classic, Map.of(), Map.of(), Optional.of(gendd));
  }
}
