package retort.experiments.table;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import retort.experiments.recipe.Range;
import retort.experiments.train.Curriculum;
import retort.experiments.train.Data;
import retort.experiments.train.Lesson;
import retort.experiments.train.Training;

/// A row of a table as its recipe has it: who teaches whom on what, by which methods, and what the
/// paper says came of it.
///
/// @param methods those of the paper's row, by name
/// @param published how large the data are, for estimates where they aren't there
/// @param teaching how the teacher is trained where none is given
/// @param others trainings of methods that differ from `classic`
/// @param options by method, its numbers that differ from the defaults for the pair of nets
public record Row(
    long seed,
    Data data,
    Published published,
    Tutor teacher,
    String student,
    List<String> methods,
    Training teaching,
    Training classic,
    Training firstStage,
    Training generative,
    Training probe,
    Optional<Map<String, Training>> others,
    Map<String, Map<String, Double>> options,
    Paper paper) {
  private static final String GENDD = "gendd", UNLABELLED = "gendd-unlabelled";

  /// @param training the number of training images
  public record Published(
      @Range(min = 1) int training, @Range(min = 1) int test, @Range(min = 1) int classes) {}

  /// @param weights published ones, where the paper takes those
  public record Tutor(String model, Optional<Given> weights) {}

  /// A file of weights, and how to know that it is the right one.
  ///
  /// @param sha256 how its hash begins, where the publisher says
  public record Given(Path file, Optional<Long> bytes, Optional<String> sha256, String from) {}

  /// What the paper says, in percent by method; `teacher` is the teacher's own.
  public record Paper(
      String source,
      Map<String, Double> top1,
      Optional<Map<String, Double>> top5,
      Optional<Map<String, Double>> many,
      Optional<Map<String, Double>> medium,
      Optional<Map<String, Double>> few) {}

  public Row {
    methods = List.copyOf(methods);
  }

  public Lesson.Pair pair() {
    return new Lesson.Pair(teacher.model(), student);
  }

  /// GenDD without labels has GenDD's options, where it has none of its own.
  public Curriculum curriculum() {
    Map<String, Map<String, Double>> all = new TreeMap<>(options);
    Map<String, Double> unlabelled = new TreeMap<>(options.getOrDefault(GENDD, Map.of()));
    unlabelled.remove("lambda");
    all.putIfAbsent(UNLABELLED, unlabelled);
    return new Curriculum(
        classic, firstStage, generative, probe, others.orElse(Map.of()), all, Optional.empty());
  }
}
