package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import retort.experiments.RunOptions;
import retort.experiments.ablate.Cell.Group;
import retort.experiments.recipe.Range;
import retort.experiments.report.LineChart;
import retort.experiments.report.Page;
import retort.experiments.report.Summary;
import retort.experiments.run.Mean;
import retort.experiments.terminal.Table;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Training;
import retort.gendd.diffusion.Parametrisation;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDDOptions;

/// What 64 steps buy: accuracy against the cost of inference for every prediction and sampler, from
/// one step to a hundred, beside classifiers that generate nothing.
@Command(
    name = "steps",
    description =
        "Accuracy against inference cost: every sampler, 1 to 100 steps, 1 and 5 samples.")
public final class Steps implements Callable<Integer> {
  /// The paper's number of steps, and how near one step must come to it at which share of its cost.
  private static final int MANY = 64;

  private static final double NEAR = 0.005;
  private static final int CHEAPER = 50;

  @Mixin private RunOptions options;
  @Mixin private ScaleOptions scale;

  /// What a recipe of it holds.
  ///
  /// @param averaged the numbers of steps that are also tried with `samples` samples averaged
  /// @param guarded a number of steps at which the paper's sampler is also tried with guards
  ///   against explosion
  /// @param probe how a linear probe of the student's body is trained
  record Plan(
      long seed,
      @Range(min = 1) int seeds,
      Data data,
      Pair pair,
      Training training,
      GenDDOptions gendd,
      List<String> predictions,
      @Range(min = 1) List<Integer> steps,
      @Range(min = 1) List<Integer> averaged,
      @Range(min = 2) int samples,
      @Range(min = 1) int guarded,
      Training probe) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, () -> scale.recipe("steps"), Steps::job);
  }

  private static Consumer<Run> job(Plan plan) {
    Images images = Images.open(plan.data());
    for (String what : plan.predictions()) ways(plan, what);
    return run -> run(plan, images, run);
  }

  /// Every way of sampling that fits a prediction.
  private static List<Way> ways(Plan plan, String what) {
    Sampling base = plan.gendd().predict(what).sampling();
    List<Way> ways = new ArrayList<>();
    for (String sampler : Parametrisation.of(what).samplers()) {
      Sampling how = base.sampler(sampler);
      if (sampler.equals("mean")) {
        ways.add(new Way(how.steps("1")));
        continue;
      }
      for (int n : plan.steps()) {
        Sampling walk = how.steps(Integer.toString(n));
        ways.add(new Way(walk));
        if (plan.averaged().contains(n)) ways.add(new Way(walk.samples(plan.samples())));
      }
    }
    if (what.equals("noise")) guards(base.steps(Integer.toString(plan.guarded())), plan, ways);
    return ways;
  }

  private static void guards(Sampling how, Plan plan, List<Way> ways) {
    ways.add(new Way("clipped", how.clip(true)));
    ways.add(new Way("clipped", how.clip(true).samples(plan.samples())));
    ways.add(new Way("temperature 0", how.temperature(0)));
    ways.add(new Way("clipped, temperature 0", how.clip(true).temperature(0)));
    ways.add(new Way("from step 900", how.start(900)));
    ways.add(new Way("no guidance", how.guidance(1)));
    ways.add(new Way("one step from 900", how.sampler("mean").steps("1").start(900)));
  }

  private static void run(Plan plan, Images images, Run run) {
    try (Lab lab = new Lab(run, images, plan.seed(), plan)) {
      Ground ground = lab.ground(plan.pair());
      lab.baselines(plan.probe(), plan.seed(), plan.seeds());
      for (int i = 0; i < plan.seeds(); i++) {
        for (String what : plan.predictions()) {
          lab.gendd(
              Lab.varied("predicts", what),
              plan.seed() + i,
              plan.training(),
              plan.gendd().predict(what),
              null,
              ways(plan, what),
              null);
        }
      }
      List<Group> groups = lab.groups();
      Table table = table(groups);
      List<String> findings = findings(groups);
      Page page =
          new Page(
              "What the steps of the sampler buy",
              "Accuracy against multiply-accumulates an image on "
                  + images.name()
                  + ", "
                  + plan.seeds()
                  + " seeds.");
      page.section("Accuracy against cost");
      findings.forEach(page::note);
      page.figure(
              chart(groups, 1, ground), "One sample. A hundredfold cost is two marks to the right.")
          .figure(
              chart(groups, plan.samples(), ground),
              plan.samples() + " samples, averaged before the teacher's classifier.")
          .paragraph(
              "Horizontal lines are answers that generate nothing: the student's own classifier,"
                  + " trained beside the head; a fresh linear probe of its body; the body through"
                  + " the classifier it was schooled with.")
          .section("Every way of answering")
          .paragraph(
              "Evaluations: how often the head is asked for an image, guidance and samples counted."
                  + " Spread: the standard deviation of what was generated over that of the"
                  + " targets; much above 1 is an explosion. Milliseconds are of generating alone,"
                  + " on this machine.")
          .table(table)
          .section("What this run is not")
          .paragraph(Lab.caveat(plan.pair(), plan.seeds()));
      lab.finish(page, table, findings);
    }
  }

  private static Table table(List<Group> groups) {
    var table =
        new Table(
            "head",
            "answers by",
            "steps",
            "samples",
            "accuracy [95 %]",
            "evaluations",
            "MACs/image",
            "ms/image",
            "spread");
    for (Group g : groups) {
      for (Answer a : g.answers()) {
        boolean generated = a.by().equals("generated");
        String by = generated ? a.sampler() : a.by();
        table.row(
            g.varied().values().iterator().next(),
            a.variant().isEmpty() ? by : by + ", " + a.variant(),
            generated ? a.steps() : "-",
            generated ? a.samples() : "-",
            g.accuracy(a).percent(),
            generated ? a.evaluations() : "-",
            Summary.count(a.macs()),
            generated ? String.format(Locale.ROOT, "%.3f", g.mean(a, Answer::millis).value()) : "-",
            generated ? Lab.ratio(g.mean(a, Answer::spread).value()) : "-");
      }
    }
    return table;
  }

  /// One step beside 64, for each prediction, seed by seed, and beside the paper's own way, as it
  /// is and with its clean tokens held in range.
  private static List<String> findings(List<Group> groups) {
    List<String> said = new ArrayList<>();
    for (Group g : groups) {
      Answer many = plain(g, MANY, 1), one = plain(g, 1, 1);
      if (many == null || one == null) continue;
      said.add(compare(g, one, g, many));
      for (Group paper : groups) {
        if (paper == g || !"noise".equals(paper.at("predicts"))) continue;
        for (Answer theirs : paper.answers()) {
          boolean first = theirs.sampler().equals("ancestral") && theirs.samples() == 1;
          if (first && theirs.steps() == MANY && List.of("", "clipped").contains(theirs.variant()))
            said.add(compare(g, one, paper, theirs));
        }
      }
    }
    return said;
  }

  private static Answer plain(Group g, int steps, int samples) {
    return g.answers().stream()
        .filter(a -> a.by().equals("generated") && a.variant().isEmpty())
        .filter(a -> !a.sampler().equals("mean"))
        .filter(a -> a.steps() == steps && a.samples() == samples)
        .findFirst()
        .orElse(null);
  }

  private static String compare(Group cheap, Answer one, Group dear, Answer many) {
    Mean gap =
        Mean.difference(cheap.each(one, Answer::accuracy), dear.each(many, Answer::accuracy));
    long body = cheap.by("own classifier").macs();
    double share = (double) (many.macs() - body) / (one.macs() - body);
    double whole = (double) many.macs() / one.macs();
    boolean holds = gap.value() >= -NEAR && share >= CHEAPER;
    return String.format(
        Locale.ROOT,
        "%s: one step of %s with a head for %s %s, %d steps of %s%s with a head for %s %s;"
            + " difference %.2f points%s, at 1/%.0f of the sampling's MACs (1/%.1f with the"
            + " student's body, which both need).",
        holds ? "Holds" : "Does not hold",
        one.sampler(),
        cheap.at("predicts"),
        cheap.accuracy(one).percent(),
        many.steps(),
        many.sampler(),
        many.variant().isEmpty() ? "" : ", " + many.variant() + ",",
        dear.at("predicts"),
        dear.accuracy(many).percent(),
        100 * gap.value(),
        gap.n() == 1
            ? ""
            : String.format(Locale.ROOT, " [%.2f, %.2f]", 100 * gap.low(), 100 * gap.high()),
        share,
        whole);
  }

  private static String chart(List<Group> groups, int samples, Ground ground) {
    var chart =
        new LineChart(
            "Accuracy against inference cost", "multiply-accumulates an image", "accuracy, %");
    double most = 0;
    for (Group g : groups) {
      for (String sampler : walks(g, samples)) {
        List<Answer> own =
            g.answers().stream()
                .filter(a -> a.sampler().equals(sampler) && a.samples() == samples)
                .filter(a -> a.variant().isEmpty())
                .toList();
        double[] cost = own.stream().mapToDouble(Answer::macs).toArray();
        for (double c : cost) most = Math.max(most, c);
        chart.curve(
            g.at("predicts") + ", " + sampler,
            cost,
            own.stream().mapToDouble(a -> 100 * g.accuracy(a).value()).toArray());
      }
    }
    double body = ground.macs(ground.pair().student());
    for (Group g : groups) {
      if (!walks(g, 1).isEmpty()) continue;
      Answer a = g.answers().getFirst();
      double y = 100 * g.accuracy(a).value();
      chart.curve(g.at("predicts"), new double[] {body, most}, new double[] {y, y});
    }
    Group first = groups.stream().filter(g -> !walks(g, 1).isEmpty()).findFirst().orElseThrow();
    double y = 100 * first.accuracy(first.by("own classifier")).value();
    chart.curve("own classifier", new double[] {body, most}, new double[] {y, y});
    return chart.logX().svg();
  }

  /// The samplers of a group that were tried with so many samples and more than one number of
  /// steps.
  private static List<String> walks(Group g, int samples) {
    return g.answers().stream()
        .filter(a -> a.by().equals("generated") && a.variant().isEmpty())
        .filter(a -> a.samples() == samples && !a.sampler().equals("mean"))
        .map(Answer::sampler)
        .distinct()
        .toList();
  }
}
