package retort.experiments.quickstart;

import java.util.List;
import retort.experiments.recipe.Range;
import retort.experiments.train.Training;
import retort.gendd.generative.GenDDOptions;
import retort.nn.Nearest;

/// The quickstart as data: what `experiments/recipes/quickstart*.yaml` hold.
///
/// @param validation the share of the training images to hold out
/// @param perClass training images of each class, 0 for all
/// @param testPerClass test images of each class, 0 for all
/// @param augment whether training images are cropped and flipped at random
/// @param methods what students are made by; see [Method]
/// @param classic how students of classic methods are trained
/// @param firstStage how a generative student is trained before it generates; 0 epochs for not at
///   all
/// @param generative how generative students are trained then; with the first stage it takes as
///   many epochs as `classic`, so that all students have one budget
/// @param pictured how many test images the picture of the generation follows
public record Plan(
    long seed,
    String data,
    @Range(min = 0, max = 1) double validation,
    @Range(min = 0) int perClass,
    @Range(min = 0) int testPerClass,
    boolean augment,
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
    for (String m : methods) {
      if (!Method.NAMES.contains(m)) {
        throw new IllegalArgumentException(
            "there is no method '"
                + m
                + "'"
                + Nearest.hint(m, Method.NAMES)
                + "; there are "
                + String.join(", ", Method.NAMES));
      }
    }
  }
}
