package retort.gendd.gradcheck;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import retort.gendd.Distiller;
import retort.gendd.Divergence;
import retort.gendd.Labels;
import retort.gendd.StepDraws;
import retort.gendd.diffusion.DenoisingHead;
import retort.gendd.diffusion.Diffusion;
import retort.gendd.diffusion.NoiseSchedule;
import retort.gendd.diffusion.Prediction;
import retort.gendd.generative.Centres;
import retort.gendd.generative.DistributionContraction;
import retort.gendd.generative.FeatureMixup;
import retort.gendd.generative.SplitTokens;
import retort.gendd.methods.Kd;
import retort.gendd.methods.MethodOptions;
import retort.gendd.methods.Methods;
import retort.gendd.methods.Setting;
import retort.nn.gradcheck.ModuleCase;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;

/// The gradient cases of GenDD's parts and of the losses of every distillation method.
public final class GenddCases {
  private static final Predicate<String> ALL = path -> true;
  private static final Predicate<String> CLASSIFIER = path -> path.startsWith("student.fc");
  private static final Predicate<String> PROBE = path -> path.startsWith("classifier");

  private GenddCases() {}

  public static List<GradientCase> all() {
    return Stream.of(parts(), diffusion(), methods()).flatMap(cases -> cases).toList();
  }

  private static Stream<GradientCase> parts() {
    Centres centres = new Centres(2, 4, new double[] {1, -1, 2, 0, 0.5, 1, -2, 3});
    return Stream.of(
        ModuleCase.of("DenoisingHead", "4x2, 2x3", GenddCases::head, GenddCases::denoise),
        ModuleCase.of("DenoisingHead", "4x2, 2x3", GenddCases::head, GenddCases::denoiseAll)
            .variant("all tokens"),
        ModuleCase.of("DenoisingHead", "2x2", GenddCases::head, GenddCases::denoiseNone)
            .variant("no condition"),
        ModuleCase.of(
            "DistributionContraction",
            "3x4",
            () -> new DistributionContraction(0.9, centres),
            (c, x) -> c.apply(x[0], Labels.of(1, 0, 1))),
        ModuleCase.of(
                "DistributionContraction",
                "3x4, 3x2:simplex",
                () -> new DistributionContraction(0.5, centres),
                (c, x) -> c.apply(x[0], Labels.of(new int[] {1, 0, 1}, x[1])))
            .variant("soft labels"),
        GradientCase.of("SplitTokens", "3x4", x -> tokens(x[0])),
        GradientCase.of("FeatureMixup", "4x3, 4x2", x -> mixed(x[0], x[1])),
        GradientCase.of("Divergence", "3x4, 3x4", x -> Divergence.kl(x[0], x[1], 4)),
        GradientCase.of("Kd", "3x4, 3x4", x -> Kd.loss(x[0], x[1], 4)).variant("loss"));
  }

  private static DenoisingHead head() {
    return new DenoisingHead(new DenoisingHead.Size(2, 2, 3, 4, 2, 4, 8, 1));
  }

  /// Two images of two tokens, of which one is asked about without its condition.
  private static Tensor denoise(DenoisingHead head, Tensor... x) {
    Tensor conditions =
        head.condition(
            x[1], new int[] {0, 0, 1, 1}, new int[] {0, 1, 0, 1}, new double[] {1, 1, 0, 1});
    return head.apply(x[0], new double[] {1, 50, 300, 999}, conditions);
  }

  private static Tensor denoiseAll(DenoisingHead head, Tensor... x) {
    return head.apply(x[0], new double[] {20}, head.condition(x[1]));
  }

  private static Tensor denoiseNone(DenoisingHead head, Tensor... x) {
    return head.apply(x[0], new double[] {20}, head.unconditional());
  }

  private static Tensor tokens(Tensor feature) {
    SplitTokens tokens = new SplitTokens(4, 2);
    return tokens.join(tokens.split(feature).square());
  }

  private static Tensor mixed(Tensor condition, Tensor target) {
    FeatureMixup.Pair pair = new FeatureMixup(1).apply(condition, target, new StepDraws(1, 0));
    return Tensor.concat(1, pair.condition(), pair.target());
  }

  private static Stream<GradientCase> diffusion() {
    int[] steps = {0, 10, 500, 999};
    Stream<GradientCase> errors =
        Stream.of(Prediction.values())
            .map(p ->
                GradientCase.of(
                        "Diffusion",
                        "4x" + p.channels(2) + ", 4x2, 4x2",
                        x -> diffusion(p).trainingLosses(x[0], x[1], x[2], steps).get("mse"))
                    .variant("mse, " + p));
    GradientCase bound =
        GradientCase.of(
                "Diffusion",
                "4x2, 4x2, 4x2, 4x2",
                x ->
                    diffusion(Prediction.NOISE)
                        .trainingLosses(Tensor.concat(1, x[1], x[0]), x[2], x[3], steps)
                        .get("vb"))
            .variant("vb, of the variance")
            .constant(1, 2, 3);
    return Stream.concat(errors, Stream.of(bound));
  }

  private static Diffusion diffusion(Prediction prediction) {
    return new Diffusion(NoiseSchedule.cosine(1000), prediction);
  }

  /// Every loss of every method. The variance's bound of GenDD is left out: its mean is detached,
  /// so it is checked as a function of the variance alone, above.
  private static Stream<GradientCase> methods() {
    return Stream.of(
            method("plain", ALL, "ce"),
            method("kd", ALL, "kd", "ce"),
            method("kl", ALL, "kd"),
            method("logit-standardisation", ALL, "ce", "kd"),
            method("dkd", ALL, "ce", "tckd", "nckd"),
            method("ikl", ALL, "ce", "square", "soft"),
            method("gkl", ALL, "ce", "square", "soft"),
            method("fitnet", ALL, "ce", "hint"),
            method("at", ALL, "ce", "at"),
            method("rkd", ALL, "ce", "distance", "angle"),
            method("crd", ALL, "ce", "crd"),
            method("ofd", ALL, "ce", "feature"),
            method("reviewkd", ALL, "ce", "review"),
            method("regression", ALL, "mse"),
            method("regression", CLASSIFIER, "own"),
            method("pretraining", ALL, "ce"),
            method("gendd", ALL, "mse"),
            method("gendd", CLASSIFIER, "own"),
            method("gendd-unlabelled", ALL, "mse"),
            method("gendd-unlabelled", CLASSIFIER, "own"),
            method("probe", PROBE, "ce", "soft"))
        .flatMap(cases -> cases);
  }

  private static Stream<GradientCase> method(
      String name, Predicate<String> reached, String... losses) {
    Methods.Method method = Methods.named(name);
    return Stream.of(losses)
        .map(loss -> DistillerCase.of(name, loss, reached, pair -> make(method, pair)));
  }

  /// A method with its general options, but as small as the nets.
  static Distiller make(Methods.Method method, DistillerCase.Pair pair) {
    MethodOptions options = method.options("*", "*");
    for (String option : options.values().keySet()) {
      options =
          switch (option) {
            case "width" -> options.with(option, 8);
            case "negatives", "token" -> options.with(option, 3);
            case "draws" -> options.with(option, 2);
            default -> options;
          };
    }
    var setting = new Setting(pair.student(), pair.teacher(), pair.image(), pair.labels());
    return method.make(setting, options);
  }
}
