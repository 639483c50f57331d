package retort.gendd.gradcheck;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import retort.gendd.DistillerCase;
import retort.gendd.Divergence;
import retort.gendd.Labels;
import retort.gendd.StepDraws;
import retort.gendd.diffusion.DenoisingHead;
import retort.gendd.diffusion.Diffusion;
import retort.gendd.diffusion.NoiseSchedule;
import retort.gendd.diffusion.Prediction;
import retort.gendd.generative.Centres;
import retort.gendd.generative.ClassifierPretraining;
import retort.gendd.generative.DistributionContraction;
import retort.gendd.generative.FeatureMixup;
import retort.gendd.generative.FeatureRegression;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.generative.SplitTokens;
import retort.gendd.methods.Kd;
import retort.gendd.methods.Plain;
import retort.nn.gradcheck.ModuleCase;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;

/// The gradient cases of GenDD's parts and of the losses of every distillation method.
public final class GenddCases {
  private static final Predicate<String> ALL = path -> true;
  private static final Predicate<String> BODY = path -> !path.startsWith("student.fc");
  private static final Predicate<String> CLASSIFIER = BODY.negate();

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

  private static Stream<GradientCase> methods() {
    return Stream.of(
        DistillerCase.of("Plain", "ce", ALL, p -> new Plain(p.student())),
        DistillerCase.of("Kd", "kd", ALL, GenddCases::kd),
        DistillerCase.of("Kd", "ce", ALL, GenddCases::kd),
        DistillerCase.of("FeatureRegression", "mse", BODY, GenddCases::regression),
        DistillerCase.of("FeatureRegression", "own", CLASSIFIER, GenddCases::regression),
        DistillerCase.of(
            "ClassifierPretraining",
            "ce",
            BODY,
            p -> new ClassifierPretraining(p.student(), p.teacher())),
        DistillerCase.of("GenDD", "mse", BODY, GenddCases::gendd),
        DistillerCase.of("GenDD", "own", CLASSIFIER, GenddCases::gendd));
  }

  private static Kd kd(DistillerCase.Pair p) {
    return new Kd(p.student(), p.teacher(), new Kd.Options(4, 0.5, 2));
  }

  private static FeatureRegression regression(DistillerCase.Pair p) {
    var contraction =
        new DistributionContraction(0.5, Centres.of(Centres.Kind.WEIGHT_ROW, p.teacher()));
    return new FeatureRegression(p.student(), p.teacher(), contraction);
  }

  private static GenDD gendd(DistillerCase.Pair p) {
    return new GenDD(p.student(), p.teacher(), GenDDOptions.SMALL.token(3).width(8));
  }
}
