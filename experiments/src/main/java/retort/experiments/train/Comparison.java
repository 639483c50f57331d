package retort.experiments.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import retort.experiments.Failure;

/// One pair of nets and every method that is to teach on it. What can't work on the pair is found
/// before anything is trained; what goes wrong in one training doesn't keep the others from theirs.
public final class Comparison {
  private final Lesson.Pair pair;
  private final Curriculum curriculum;
  private final List<String> names = new ArrayList<>();
  private final SequencedMap<String, String> leftOut = new LinkedHashMap<>();

  /// @param methods names of lessons of the curriculum, each of which must fit the pair; or `all`,
  ///   which is all that fit
  public Comparison(Images images, Lesson.Pair pair, Curriculum curriculum, List<String> methods) {
    this(images, pair, curriculum, methods, methods.contains(Curriculum.ALL));
  }

  /// @param fitting whether methods that don't fit the pair are left out instead of refused
  public Comparison(
      Images images,
      Lesson.Pair pair,
      Curriculum curriculum,
      List<String> methods,
      boolean fitting) {
    this.pair = pair;
    this.curriculum = curriculum;
    for (String name : Curriculum.expand(methods)) {
      Lesson lesson = curriculum.lesson(name);
      try {
        lesson.check(images, pair);
        names.add(name);
      } catch (IllegalArgumentException e) {
        if (!fitting) throw e;
        leftOut.put(name, e.getMessage());
      }
    }
    Curriculum.checkOrder(names);
  }

  /// The lessons to give, in order.
  public List<String> names() {
    return List.copyOf(names);
  }

  /// The methods that don't fit the pair, each with the reason.
  public SequencedMap<String, String> leftOut() {
    return leftOut;
  }

  /// Gives every lesson whose outcome the run's folder doesn't hold yet, in order, and shows the
  /// table.
  public Study.Results run(Run run, Study study, Study.School school) {
    leftOut.forEach((name, why) -> run.progress().say("without " + name + ": " + why));
    List<Failure> failures = new ArrayList<>();
    for (String name : names) {
      try {
        study.outcome(curriculum.lesson(name, run.folder()), pair.student(), school);
      } catch (Failure e) {
        run.progress().say(name + " failed: " + e.getMessage());
        failures.add(e);
      }
    }
    Study.Results results = study.finish();
    if (!failures.isEmpty()) {
      throw new Failure(
          failures.size()
              + " of "
              + names.size()
              + " trainings failed: "
              + failures.getFirst().getMessage(),
          failures.getFirst().where(),
          failures.getFirst().remedy());
    }
    return results;
  }
}
