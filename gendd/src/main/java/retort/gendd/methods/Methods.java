package retort.gendd.methods;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import retort.gendd.Distiller;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.Centres;
import retort.gendd.generative.ClassifierPretraining;
import retort.gendd.generative.DistributionContraction;
import retort.gendd.generative.FeatureRegression;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.nn.Nearest;

/// Every method by the name that recipes call it.
public final class Methods {
  /// What a method reads besides images.
  public enum Needs {
    LABELS,
    TEACHER_LOGITS,
    TEACHER_FEATURE,
    MAPS,
    DATASET
  }

  @FunctionalInterface
  public interface Maker {
    Distiller make(Setting setting, MethodOptions options);
  }

  /// @param title for tables
  /// @param paper where it comes from
  /// @param needs what it reads
  public record Method(String name, String title, String paper, Set<Needs> needs, Maker maker) {
    /// Its defaults for a pair of nets by name; `*` or any other unknown name gives the general
    /// ones.
    public MethodOptions options(String teacher, String student) {
      return MethodOptions.of(name, teacher, student);
    }

    /// The method on two nets that are on their device; what it adds is on none yet. A setting that
    /// doesn't fit is refused here, before any training.
    public Distiller make(Setting setting, MethodOptions options) {
      if (setting.teacher() == null && needs.stream().anyMatch(n -> n != Needs.LABELS)) {
        throw new IllegalArgumentException(
            "method " + name + " wants a teacher; plain does without");
      }
      return maker.make(setting, options);
    }
  }

  private static final SequencedMap<String, Method> ALL = new LinkedHashMap<>();

  static {
    add("plain", "labels only", "-", Set.of(Needs.LABELS), (s, o) -> new Plain(s.student()));
    add(
        "kd",
        "KD",
        "arXiv 1503.02531",
        Set.of(Needs.LABELS, Needs.TEACHER_LOGITS),
        (s, o) -> new Kd(s.student(), s.teacher(), kd(o, o.get("ce"))));
    add(
        "kl",
        "KL, no labels",
        "arXiv 1503.02531",
        Set.of(Needs.TEACHER_LOGITS),
        (s, o) -> new Kd(s.student(), s.teacher(), kd(o, 0)));
    add(
        "logit-standardisation",
        "KD, standardised logits",
        "arXiv 2403.01427",
        Set.of(Needs.LABELS, Needs.TEACHER_LOGITS),
        (s, o) -> new LogitStandardisation(s.student(), s.teacher(), kd(o, o.get("ce"))));
    add(
        "dkd",
        "DKD",
        "arXiv 2203.08679",
        Set.of(Needs.LABELS, Needs.TEACHER_LOGITS),
        (s, o) ->
            new Dkd(
                s.student(),
                s.teacher(),
                new Dkd.Options(
                    o.get("temperature"),
                    o.get("ce"),
                    o.get("alpha"),
                    o.get("beta"),
                    o.whole("warmup"))));
    add(
        "ikl",
        "IKL-KD",
        "arXiv 2305.13948",
        Set.of(Needs.LABELS, Needs.TEACHER_LOGITS),
        (s, o) -> new IklKd(s.student(), s.teacher(), ikl(o)));
    add(
        "gkl",
        "GKL-KD",
        "arXiv 2305.13948",
        Set.of(Needs.LABELS, Needs.TEACHER_LOGITS),
        (s, o) -> new IklKd(s.student(), s.teacher(), ikl(o)));
    add(
        "fitnet",
        "FitNet",
        "arXiv 1412.6550",
        Set.of(Needs.LABELS, Needs.MAPS),
        (s, o) -> new FitNet(s, new FitNet.Options(o.get("ce"), o.get("hint"), o.whole("stage"))));
    add(
        "at",
        "AT",
        "arXiv 1612.03928",
        Set.of(Needs.LABELS, Needs.MAPS),
        (s, o) ->
            new AttentionTransfer(s, new AttentionTransfer.Options(o.get("ce"), o.get("at"))));
    add(
        "rkd",
        "RKD",
        "arXiv 1904.05068",
        Set.of(Needs.LABELS, Needs.TEACHER_FEATURE),
        (s, o) ->
            new Rkd(
                s.student(),
                s.teacher(),
                new Rkd.Options(o.get("ce"), o.get("distance"), o.get("angle"))));
    add(
        "crd",
        "CRD",
        "arXiv 1910.10699",
        Set.of(Needs.LABELS, Needs.TEACHER_FEATURE, Needs.DATASET),
        (s, o) ->
            new Crd(
                s,
                new Crd.Options(
                    o.get("ce"),
                    o.get("crd"),
                    o.whole("width"),
                    o.whole("negatives"),
                    o.get("temperature"))));
    add(
        "ofd",
        "OFD",
        "arXiv 1904.01866",
        Set.of(Needs.LABELS, Needs.MAPS),
        (s, o) -> new Ofd(s, new Ofd.Options(o.get("ce"), o.get("feature"))));
    add(
        "reviewkd",
        "ReviewKD",
        "arXiv 2104.09044",
        Set.of(Needs.LABELS, Needs.MAPS),
        (s, o) ->
            new ReviewKd(
                s,
                new ReviewKd.Options(
                    o.get("ce"), o.get("review"), o.whole("warmup"), o.yes("before"))));
    add(
        "regression",
        "feature regression",
        "arXiv 2507.14503, without diffusion",
        Set.of(Needs.LABELS, Needs.TEACHER_FEATURE),
        (s, o) ->
            new FeatureRegression(
                s.student(),
                s.teacher(),
                new DistributionContraction(
                    o.get("lambda"), Centres.of(Centres.Kind.WEIGHT_ROW, s.teacher()))));
    add(
        "pretraining",
        "stage 1 of GenDD",
        "code of arXiv 2507.14503",
        Set.of(Needs.LABELS, Needs.TEACHER_FEATURE),
        (s, o) -> new ClassifierPretraining(s.student(), s.teacher()));
    add(
        "gendd",
        "GenDD",
        "arXiv 2507.14503",
        Set.of(Needs.LABELS, Needs.TEACHER_FEATURE),
        (s, o) -> new GenDD(s.student(), s.teacher(), gendd(o).lambda(o.get("lambda"))));
    add(
        "gendd-unlabelled",
        "GenDD, no labels",
        "arXiv 2507.14503",
        Set.of(Needs.TEACHER_FEATURE),
        (s, o) -> new GenDD(s.student(), s.teacher(), gendd(o).unlabelled()));
    add(
        "probe",
        "linear probe",
        "code of arXiv 2507.14503",
        Set.of(Needs.LABELS, Needs.TEACHER_LOGITS),
        (s, o) -> new LinearProbe(s.student(), s.teacher(), o.get("labels")));
  }

  private Methods() {}

  private static void add(String name, String title, String paper, Set<Needs> needs, Maker maker) {
    ALL.put(name, new Method(name, title, paper, needs, maker));
  }

  private static Kd.Options kd(MethodOptions o, double ce) {
    return new Kd.Options(o.get("temperature"), ce, o.get("kd"));
  }

  private static IklKd.Options ikl(MethodOptions o) {
    return new IklKd.Options(
        o.get("temperature"),
        o.get("weight-temperature"),
        o.get("ce"),
        o.get("alpha"),
        o.get("beta"),
        o.get("gamma"),
        o.yes("classwise"),
        o.whole("warmup"));
  }

  private static GenDDOptions gendd(MethodOptions o) {
    return GenDDOptions.CIFAR
        .token(o.whole("token"))
        .width(o.whole("width"))
        .depth(o.whole("depth"))
        .draws(o.whole("draws"))
        .dropout(o.get("dropout"))
        .mixup(o.get("mixup"))
        .sampling(
            Sampling.PAPER.steps(Integer.toString(o.whole("steps"))).guidance(o.get("guidance")));
  }

  public static List<Method> all() {
    return List.copyOf(ALL.values());
  }

  /// The method of a name; an unknown one is refused with the closest there is.
  public static Method named(String name) {
    Method m = ALL.get(name);
    if (m == null) {
      throw new IllegalArgumentException(
          "there is no method '"
              + name
              + "'"
              + Nearest.hint(name, ALL.keySet())
              + "; there are "
              + String.join(", ", ALL.keySet()));
    }
    return m;
  }
}
