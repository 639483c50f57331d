package retort.experiments.train;

import java.util.List;
import java.util.Optional;
import retort.gendd.Distiller;
import retort.gendd.Teacher;
import retort.gendd.generative.Centres;
import retort.gendd.generative.DistributionContraction;
import retort.gendd.generative.FeatureRegression;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.methods.Kd;
import retort.gendd.methods.Plain;
import retort.nn.Nearest;
import retort.nn.backbone.Backbone;

/// One way of making a student: the method's name, how it is optimised, and before that, where it
/// has one, its first stage.
public record Method(
    String name, Training training, Optional<Training> firstStage, Optional<GenDDOptions> gendd) {
  public static final List<String> NAMES = List.of("plain", "kd", "gendd", "gendd-unlabelled", "mse");

  /// Temperature 4, weights .1 and .9: the usual setting for CIFAR ("Contrastive representation
  /// distillation", arXiv 1910.10699, appendix).
  private static final Kd.Options KD = new Kd.Options(4, 0.1, 0.9);

  public Method {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(
          "there is no method '"
              + name
              + "'"
              + Nearest.hint(name, NAMES)
              + "; there are "
              + String.join(", ", NAMES));
    }
  }

  /// Whether it generates features, and so has a head to train.
  public static boolean generates(String name) {
    return name.startsWith("gendd");
  }

  /// The distiller, on no device yet but for the student and the teacher it is given.
  Distiller make(Backbone student, Teacher teacher) {
    return switch (name) {
      case "plain" -> new Plain(student);
      case "kd" -> new Kd(student, teacher, KD);
      case "gendd" -> new GenDD(student, teacher, options());
      case "gendd-unlabelled" -> new GenDD(student, teacher, options().unlabelled());
      default -> {
        Centres centres = Centres.of(options().centre(), teacher);
        yield new FeatureRegression(
            student, teacher, new DistributionContraction(options().lambda(), centres));
      }
    };
  }

  private GenDDOptions options() {
    return gendd.orElseThrow(() ->
        new IllegalArgumentException("the method " + name + " needs a section 'gendd'"));
  }
}
