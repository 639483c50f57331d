package retort.experiments.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import retort.experiments.run.RunFolder;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.methods.Methods;
import retort.nn.Nearest;

/// How each method is taught where several are compared: by name, the lesson.
///
/// Beside the methods there are *controls*. A generative student differs from a classic one not by
/// its loss alone: it has AdamW, its own schedule and a first stage. `plain-control` and
/// `kd-control` are labels alone and classic distillation under exactly that treatment.
///
/// @param classic how students of classic methods are trained
/// @param firstStage how a generative student with labels and a control are trained first; 0 epochs
///   for not at all
/// @param generative how generative students and controls are trained then
/// @param probe how a linear probe of GenDD's finished student is trained
/// @param others trainings of methods that differ from `classic`, by name
/// @param options by method, its numbers that differ from the defaults for the pair of nets
/// @param gendd all of GenDD's options, in place of the defaults
public record Curriculum(
    Training classic,
    Training firstStage,
    Training generative,
    Training probe,
    Map<String, Training> others,
    Map<String, Map<String, Double>> options,
    Optional<GenDDOptions> gendd) {
  private static final String CONTROL = "-control", PROBE = "probe", PROBED = "gendd";

  /// The word for every method and both controls.
  public static final String ALL = "all";

  public Curriculum {
    options = Map.copyOf(options);
    options.keySet().forEach(Methods::named);
    others = Map.copyOf(others);
    others.keySet().forEach(Methods::named);
  }

  /// Every name there is a lesson for.
  public static List<String> names() {
    Stream<String> controls = Stream.of("plain", "kd").map(method -> method + CONTROL);
    return Stream.concat(Methods.all().stream().map(Methods.Method::name), controls).toList();
  }

  /// The names of a list in which `all` may stand for all.
  public static List<String> expand(List<String> names) {
    return names.contains(ALL) ? names() : names;
  }

  public Lesson lesson(String name) {
    if (!names().contains(name)) {
      throw new IllegalArgumentException(
          "there is no method '"
              + name
              + "'"
              + Nearest.hint(name, names())
              + "; there are "
              + String.join(", ", names()));
    }
    boolean control = name.endsWith(CONTROL);
    String method = control ? name.substring(0, name.length() - CONTROL.length()) : name;
    boolean generates = Lesson.generates(method);
    boolean staged = control || method.equals("gendd") || method.equals("regression");
    return new Lesson(
        name,
        method,
        training(method, control || generates || method.equals("regression")),
        Optional.of(firstStage).filter(first -> staged && first.epochs() > 0),
        Optional.empty(),
        options.getOrDefault(method, Map.of()),
        gendd.filter(g -> generates));
  }

  private Training training(String method, boolean generative) {
    if (method.equals(Study.FIRST_STAGE)) return firstStage;
    if (method.equals(PROBE)) return probe;
    return generative ? this.generative : others.getOrDefault(method, classic);
  }

  /// A lesson within a run. A probe begins with the student that GenDD left in the run's folder.
  public Lesson lesson(String name, RunFolder folder) {
    Lesson lesson = lesson(name);
    return name.equals(PROBE) ? lesson.from(folder.file(PROBED + ".safetensors")) : lesson;
  }

  /// Refuses a probe that isn't preceded by the student it probes.
  static void checkOrder(List<String> names) {
    int probe = names.indexOf(PROBE), probed = names.indexOf(PROBED);
    if (probe >= 0 && (probed < 0 || probed > probe)) {
      throw new IllegalArgumentException(
          "the linear probe asks what GenDD's student knows; put gendd before probe");
    }
  }
}
