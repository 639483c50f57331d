package retort.experiments.ablate;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import retort.experiments.train.Lesson;
import retort.experiments.train.Training;

/// The two nets of an ablation and how they come to be: the `pair` section of a recipe.
///
/// @param teacher its backbone
/// @param checkpoint a trained teacher; where none is named it is trained first, by `teaching`
/// @param student its backbone
/// @param schooling how the student's body is made before any head: a method with its training
/// @param body whether that body then stands still, or goes on learning through the head
record Pair(
    String teacher,
    Optional<Path> checkpoint,
    Training teaching,
    String student,
    School schooling,
    Body body) {

  /// @param method of [retort.gendd.methods.Methods]
  /// @param options numbers of it that differ from its defaults
  record School(String method, Optional<Map<String, Double>> options, Training training) {
    Lesson lesson() {
      return new Lesson(
          method,
          method,
          training,
          Optional.empty(),
          Optional.empty(),
          options.orElse(Map.of()),
          Optional.empty());
    }
  }

  /// What becomes of the student's body in the trainings that are compared.
  enum Body {
    /// It stands still: features of both nets are computed once, and heads train on them. This is
    /// what fits minutes.
    FROZEN,
    /// It learns through the head, as in the paper.
    TRAINED
  }
}
