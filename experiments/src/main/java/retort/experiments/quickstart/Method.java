package retort.experiments.quickstart;

import java.util.List;
import retort.experiments.train.Curve;
import retort.experiments.train.Trainer;
import retort.gendd.Distiller;
import retort.gendd.Teacher;
import retort.gendd.generative.Centres;
import retort.gendd.generative.ClassifierPretraining;
import retort.gendd.generative.DistributionContraction;
import retort.gendd.generative.FeatureRegression;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.methods.Kd;
import retort.gendd.methods.Plain;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.tensor.Device;

/// The ways in which the quickstart makes a student, by the names that `--methods` takes. Every
/// student begins from the same numbers.
final class Method {
  static final List<String> NAMES = List.of("plain", "kd", "gendd", "gendd-unlabelled", "mse");

  /// A student, and how it became one.
  record Trained(Distiller distiller, Curve curve, double seconds) {}

  /// Temperature 4, weights .1 and .9: the usual setting for CIFAR ("Contrastive representation
  /// distillation", arXiv 1910.10699, appendix).
  private static final Kd.Options KD = new Kd.Options(4, 0.1, 0.9);

  private final Plan plan;
  private final Device device;
  private final Trainer trainer;

  Method(Plan plan, Device device, Trainer trainer) {
    this.plan = plan;
    this.device = device;
    this.trainer = trainer;
  }

  /// The distiller of a name, on no device yet but for the student and the teacher it is given.
  static Distiller make(String name, Plan plan, Backbone student, Teacher teacher) {
    GenDDOptions gendd = plan.gendd();
    return switch (name) {
      case "plain" -> new Plain(student);
      case "kd" -> new Kd(student, teacher, KD);
      case "gendd" -> new GenDD(student, teacher, gendd);
      case "gendd-unlabelled" -> new GenDD(student, teacher, gendd.unlabelled());
      case "mse" ->
          new FeatureRegression(
              student,
              teacher,
              new DistributionContraction(gendd.lambda(), Centres.of(gendd.centre(), teacher)));
      default -> throw new IllegalArgumentException("there is no method '" + name + "'");
    };
  }

  Trained train(String name, Backbone student, Teacher teacher) {
    boolean generates = name.startsWith("gendd");
    double before = 0;
    if (name.equals("gendd") && plan.firstStage().epochs() > 0) {
      Distiller first = place(new ClassifierPretraining(student, teacher));
      before = trainer.train(name + "-first-stage", first, plan.firstStage()).totalSeconds();
    }
    Distiller distiller = place(make(name, plan, student, teacher));
    Curve curve = trainer.train(name, distiller, generates ? plan.generative() : plan.classic());
    return new Trained(distiller, curve, before + curve.totalSeconds());
  }

  private Distiller place(Distiller distiller) {
    return Module.on(device, plan.seed(), distiller);
  }
}
