package retort.experiments.train;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import retort.gendd.Distiller;
import retort.gendd.Teacher;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.methods.MethodOptions;
import retort.gendd.methods.Methods;
import retort.gendd.methods.Setting;
import retort.nn.Cost;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.tensor.Device;

/// One way of making a student: a method of [Methods], how it is optimised, and before that, where
/// it has one, its first stage.
///
/// @param name what files and tables call it: the method's name, unless a study has the method in
///   two ways
/// @param from a file of weights that the student begins with, in place of fresh ones
/// @param options numbers of the method that differ from its defaults for the pair of nets
/// @param gendd all of GenDD's options, in place of the defaults
public record Lesson(
    String name,
    String method,
    Training training,
    Optional<Training> firstStage,
    Optional<Path> from,
    Map<String, Double> options,
    Optional<GenDDOptions> gendd) {
  private static final String GENDD = "gendd", UNLABELLED = "gendd-unlabelled";

  /// The names of the two backbones.
  public record Pair(String teacher, String student) {}

  public Lesson {
    Methods.named(method);
    options = Map.copyOf(options);
    if (gendd.isPresent() && !(generates(method) && options.isEmpty())) {
      throw new IllegalArgumentException(
          "a section 'gendd' sets all of GenDD; leave it out for the method "
              + method
              + (options.isEmpty() ? "" : " with options"));
    }
  }

  /// This lesson for a student that begins with the weights of a file.
  public Lesson from(Path file) {
    return new Lesson(name, method, training, firstStage, Optional.of(file), options, gendd);
  }

  /// Whether a method generates features, and so has a head to train.
  public static boolean generates(String method) {
    return method.equals(GENDD) || method.equals(UNLABELLED);
  }

  /// The distiller, on no device yet but for the student and the teacher it is given.
  public Distiller make(Setting setting, Pair pair) {
    if (gendd.isPresent()) {
      GenDDOptions all = method.equals(GENDD) ? gendd.get() : gendd.get().unlabelled();
      return new GenDD(setting.student(), setting.teacher(), all);
    }
    MethodOptions numbers = Methods.named(method).options(pair.teacher(), pair.student());
    for (var e : options.entrySet()) numbers = numbers.with(e.getKey(), e.getValue());
    return Methods.named(method).make(setting, numbers);
  }

  /// A distiller like the one that will be trained, with zeros for numbers.
  Distiller shadow(Images images, Pair pair, Device device) {
    Teacher teacher = new Teacher(Module.blank(device, images.backbone(pair.teacher())));
    Backbone student = Module.blank(device, images.backbone(pair.student()));
    return Module.on(device, 0, make(images.setting(student, teacher), pair));
  }

  /// Refuses what doesn't fit, before anything is trained: tokens that don't divide the teacher's
  /// feature, maps that one of the nets doesn't have, stochastic depth of a student without it.
  public void check(Images images, Pair pair) {
    from.ifPresent(file -> Pretrained.read(file).check(pair.student(), images));
    images.check(Methods.named(method));
    Cost.macs(tape -> {
      double rate = training.dropPath().orElse(0.0);
      shadow(images, pair, tape.device()).student().dropPath(rate, 0, 0);
    });
  }
}
