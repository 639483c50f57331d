package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import retort.experiments.ablate.GradientCosines.Pulled;
import retort.experiments.ablate.GradientCosines.Rival;
import retort.experiments.run.Manifest;
import retort.experiments.terminal.Progress;
import retort.gendd.diffusion.NoiseSchedule;
import retort.gendd.generative.GenDD;
import retort.gendd.theory.Contraction;
import retort.nn.backbone.Backbone;
import retort.nn.data.Batch;
import retort.nn.data.Batches;
import retort.nn.data.Loader;
import retort.nn.data.Samples;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;

/// Walks over test images and diffusion steps and gathers what `theorem` reports.
final class Survey {
  /// The ends of the ranges of p_y that images are sorted into.
  private static final double[] CONFIDENCE = {0.5, 0.9, 0.99, 1};

  /// Images a batch whose identities are checked: each takes several tapes on the slow device.
  private static final int CHECKED = 8;

  /// Cosines between the generative gradient and a rival's: mean and least over images at the
  /// generated features, mean over batches at the parameters.
  record Cosines(double feature, double featureLeast, double head, double body) {}

  /// @param where a step of the diffusion, or a range of p_y
  /// @param images how many images it is over
  record Agreement(String where, int images, Map<Rival, Cosines> with) {}

  /// @param wrong the share of test images that the teacher's classifier names wrongly
  /// @param right the share named rightly at the minimum of the generative loss
  /// @param mismatches images where the closed rule and the classifier disagree about that
  record Corrected(double lambda, double wrong, double right, int mismatches, int images) {}

  private final Progress progress;
  private final Theorem.Plan plan;
  private final Ground ground;
  private final GradientCosines cosines;
  private final Identities identities = new Identities();
  private final NoiseSchedule schedule = NoiseSchedule.cosine(1000);
  private final double[][] w;
  private final double[] b;
  private final Map<String, Tally> bySteps = new LinkedHashMap<>();
  private final Map<String, Tally> byConfidence = new LinkedHashMap<>();
  private final List<Corrected> corrected = new ArrayList<>();

  private static final class Tally {
    final Map<Rival, List<Double>> feature = new EnumMap<>(Rival.class);
    final Map<Rival, List<Double>> head = new EnumMap<>(Rival.class);
    final Map<Rival, List<Double>> body = new EnumMap<>(Rival.class);
    int images;

    static void add(Map<Rival, List<Double>> to, Rival r, double cosine) {
      if (!Double.isNaN(cosine)) to.computeIfAbsent(r, _ -> new ArrayList<>()).add(cosine);
    }
  }

  Survey(Theorem.Plan plan, Ground ground, GenDD gendd, Progress progress) {
    this.progress = progress;
    this.plan = plan;
    this.ground = ground;
    Backbone student = ground.wholeStudent();
    gendd.eval();
    cosines = new GradientCosines(gendd, student);
    var classifier = ground.teacher().net().classifier();
    double[] rows = classifier.weight().toDoubles();
    int width = classifier.in();
    w = new double[classifier.out()][];
    for (int k = 0; k < w.length; k++) w[k] = Arrays.copyOfRange(rows, k * width, (k + 1) * width);
    b = classifier.bias().toDoubles();
    for (int c = 0; c < CONFIDENCE.length; c++) byConfidence.put(range(c), new Tally());
  }

  void run() {
    Samples test = ground.images().plain(ground.images().test());
    int whole = Math.min(plan.batches(), test.size() / plan.batch());
    progress.begin("gradients", (long) whole * plan.batch() * plan.steps().size());
    try (Batches batches = Loader.evaluation(test, plan.batch()).epoch(0)) {
      for (Batch batch : batches) {
        if (batch.step() >= whole) break;
        Shape shape = Shape.of(batch.size(), test.height(), test.width(), test.channels());
        double[] f =
            Tape.infer(
                ground.device(),
                tape ->
                    ground.wholeTeacher().embed(tape.inputFrom(shape, batch.images)).toDoubles());
        for (int step : plan.steps()) look(batch, shape, f, step);
      }
    }
    progress.done();
    correct();
  }

  private void look(Batch batch, Shape shape, double[] f, int step) {
    int n = batch.size(), d = f.length / n;
    progress.add(n);
    double a = schedule.alphaBar(step), lambda = plan.gendd().lambda();
    double[] eps = new double[n * d], noisy = new double[n * d];
    Philox draws = Philox.of(plan.seed(), "theorem.noise", batch.step(), step);
    Contraction[] at = new Contraction[n];
    for (int i = 0; i < n; i++) {
      double[] own = Arrays.copyOfRange(f, i * d, (i + 1) * d);
      int y = batch.labels[i];
      at[i] = new Contraction(own, w, b, y, lambda, a / (1 - a));
      for (int j = 0; j < d; j++) {
        eps[i * d + j] = draws.normal((long) i * d + j);
        double goal = (1 - lambda) * own[j] + lambda * w[y][j];
        noisy[i * d + j] = Math.sqrt(a) * goal + Math.sqrt(1 - a) * eps[i * d + j];
      }
    }
    double[] flat =
        Tape.infer(
            ground.device(),
            tape -> cosines.clean(tape.inputFrom(shape, batch.images), noisy, step).toDoubles());
    double[][] xhat = new double[n][];
    for (int i = 0; i < n; i++) xhat[i] = Arrays.copyOfRange(flat, i * d, (i + 1) * d);
    for (int i = 0; i < Math.min(CHECKED, n); i++)
      identities.check(at[i], xhat[i], Arrays.copyOfRange(eps, i * d, (i + 1) * d), a);
    identities.collapse(at[0]);
    tally(batch, shape, noisy, new GradientCosines.Batch(step, at, xhat));
  }

  private void tally(Batch batch, Shape shape, double[] noisy, GradientCosines.Batch where) {
    int n = where.at().length, step = where.step();
    int[] bucket = new int[n];
    for (int i = 0; i < n; i++) {
      double p = 1 - where.at()[i].doubt(where.xhat()[i]);
      while (bucket[i] < CONFIDENCE.length - 1 && p > CONFIDENCE[bucket[i]]) bucket[i]++;
    }
    Tally here = bySteps.computeIfAbsent(Integer.toString(step), _ -> new Tally());
    here.images += n;
    for (int i = 0; i < n; i++) byConfidence.get(range(bucket[i])).images++;
    double[][] mine = cosines.generative(where);
    boolean[] all = new boolean[n];
    Arrays.fill(all, true);
    Pulled own = cosines.pull(batch.images, shape, noisy, step, mine, all);
    for (Rival rival : Rival.values()) {
      double[][] theirs = cosines.rival(where, rival);
      for (int i = 0; i < n; i++) {
        double cosine = GradientCosines.cosine(mine[i], theirs[i]);
        Tally.add(here.feature, rival, cosine);
        Tally.add(byConfidence.get(range(bucket[i])).feature, rival, cosine);
      }
      Pulled other = cosines.pull(batch.images, shape, noisy, step, theirs, all);
      Tally.add(here.head, rival, GradientCosines.cosine(own.head(), other.head()));
      Tally.add(here.body, rival, GradientCosines.cosine(own.body(), other.body()));
      for (int c = 0; c < CONFIDENCE.length; c++) {
        boolean[] some = new boolean[n];
        boolean any = false;
        for (int i = 0; i < n; i++) any |= some[i] = bucket[i] == c;
        if (!any) continue;
        Pulled x = cosines.pull(batch.images, shape, noisy, step, mine, some);
        Pulled y = cosines.pull(batch.images, shape, noisy, step, theirs, some);
        Tally.add(
            byConfidence.get(range(c)).head, rival, GradientCosines.cosine(x.head(), y.head()));
        Tally.add(
            byConfidence.get(range(c)).body, rival, GradientCosines.cosine(x.body(), y.body()));
      }
    }
  }

  private static String range(int c) {
    return String.format(Locale.ROOT, "%s to %s", c == 0 ? "0" : CONFIDENCE[c - 1], CONFIDENCE[c]);
  }

  /// E7 over all test features, for each lambda.
  private void correct() {
    Features test = (Features) ground.test();
    int n = test.size(), d = test.teacher();
    for (double lambda : plan.lambdas()) {
      int wrong = 0, right = 0, mismatches = 0;
      for (int i = 0; i < n; i++) {
        double[] f = new double[d];
        for (int j = 0; j < d; j++) f[j] = test.rows()[i * test.channels() + test.student() + j];
        var c = new Contraction(f, w, b, test.label(i), lambda, 1);
        double[] goal = c.scaledFeature();
        for (int j = 0; j < d; j++) goal[j] += lambda * w[c.y()][j];
        boolean wins = c.labelWins();
        if (c.doubt(f) > 0 && argmax(c.probabilities(f)) != c.y()) wrong++;
        if (wins) right++;
        if (wins != (argmax(c.probabilities(goal)) == c.y())) mismatches++;
      }
      corrected.add(new Corrected(lambda, (double) wrong / n, (double) right / n, mismatches, n));
    }
  }

  private static int argmax(double[] p) {
    int best = 0;
    for (int k = 1; k < p.length; k++) if (p[k] > p[best]) best = k;
    return best;
  }

  Theorem.Results results(Manifest manifest) {
    List<Agreement> steps = agreements(bySteps), confidence = agreements(byConfidence);
    List<String> findings = new ArrayList<>();
    double worst =
        identities.all().stream().mapToDouble(Identities.Identity::residual).max().orElseThrow();
    int mismatches = corrected.stream().mapToInt(Corrected::mismatches).sum();
    findings.add(
        String.format(
            Locale.ROOT,
            "E1 to E6 hold to %.1e; E7's rule and the classifier disagree on %d images.",
            worst,
            mismatches));
    for (Rival rival : Rival.values()) {
      double[] feature = steps.stream().mapToDouble(s -> s.with().get(rival).feature()).toArray();
      double[] head = steps.stream().mapToDouble(s -> s.with().get(rival).head()).toArray();
      double[] body = steps.stream().mapToDouble(s -> s.with().get(rival).body()).toArray();
      findings.add(
          String.format(
              Locale.ROOT,
              "%s multi-task loss: cosine with the generative gradient %s at the generated feature,"
                  + " %s at the head's parameters, %s at the body's, over the steps.",
              rival.name().charAt(0) + rival.name().substring(1).toLowerCase(Locale.ROOT),
              span(feature),
              span(head),
              span(body)));
    }
    return new Theorem.Results(
        manifest, findings, identities.all(), classifier(), corrected, steps, confidence);
  }

  private static String span(double[] x) {
    return String.format(
        Locale.ROOT,
        "%.2f to %.2f",
        DoubleStream.of(x).min().orElseThrow(),
        DoubleStream.of(x).max().orElseThrow());
  }

  private static List<Agreement> agreements(Map<String, Tally> tallies) {
    List<Agreement> all = new ArrayList<>();
    tallies.forEach((where, t) -> {
      if (t.images == 0) return;
      Map<Rival, Cosines> with = new EnumMap<>(Rival.class);
      for (Rival r : Rival.values()) {
        with.put(
            r,
            new Cosines(
                mean(t.feature.get(r)),
                t.feature.get(r).stream().mapToDouble(v -> v).min().orElse(Double.NaN),
                mean(t.head.get(r)),
                mean(t.body.get(r))));
      }
      all.add(new Agreement(where, t.images, with));
    });
    return all;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
  }

  private Theorem.Classifier classifier() {
    List<Double> angles = new ArrayList<>(), lengths = new ArrayList<>();
    for (int i = 0; i < w.length; i++) {
      lengths.add(Identities.norm(w[i]));
      for (int j = 0; j < i; j++) angles.add(GradientCosines.cosine(w[i], w[j]));
    }
    return new Theorem.Classifier(
        mean(angles), spread(angles), -1.0 / (w.length - 1), spread(lengths) / mean(lengths));
  }

  private static double spread(List<Double> values) {
    double mean = mean(values);
    return Math.sqrt(mean(values.stream().map(v -> (v - mean) * (v - mean)).toList()));
  }
}
