package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import retort.experiments.run.Mean;

/// One training among those compared, and what came of it.
///
/// @param varied what sets it apart, by name: `width` is `64`
/// @param losses means over its last epoch
/// @param seconds of training
record Cell(
    Map<String, String> varied,
    long seed,
    Map<String, Double> losses,
    List<Answer> answers,
    double seconds) {

  /// The cells that differ in their seed alone.
  record Group(Map<String, String> varied, List<Cell> cells) {
    String at(String name) {
      return varied.get(name);
    }

    double number(String name) {
      return Double.parseDouble(varied.get(name));
    }

    double[] each(ToDoubleFunction<Cell> value) {
      return cells.stream().mapToDouble(value).toArray();
    }

    Mean loss(String name) {
      return Mean.of(each(c -> c.losses().get(name)));
    }

    /// A number of one way of answering, of every seed.
    double[] each(Answer like, ToDoubleFunction<Answer> value) {
      return each(c ->
          c.answers().stream()
              .filter(a -> a.key().equals(like.key()))
              .mapToDouble(value)
              .findFirst()
              .orElseThrow());
    }

    Mean mean(Answer like, ToDoubleFunction<Answer> value) {
      return Mean.of(each(like, value));
    }

    Mean accuracy(Answer like) {
      return mean(like, Answer::accuracy);
    }

    /// The ways of answering, as the first cell has them.
    List<Answer> answers() {
      return cells.getFirst().answers();
    }

    /// The first way of answering by something.
    Answer by(String by) {
      return answers().stream().filter(a -> a.by().equals(by)).findFirst().orElseThrow();
    }
  }

  static List<Group> groups(List<Cell> cells) {
    Map<Map<String, String>, List<Cell>> by = new LinkedHashMap<>();
    for (Cell c : cells) by.computeIfAbsent(c.varied, _ -> new ArrayList<>()).add(c);
    return by.entrySet().stream().map(e -> new Group(e.getKey(), e.getValue())).toList();
  }
}
