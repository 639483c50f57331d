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
import retort.experiments.report.BarChart;
import retort.experiments.report.Page;
import retort.experiments.run.Mean;
import retort.experiments.terminal.Table;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Training;
import retort.gendd.generative.Centres;
import retort.gendd.generative.GenDDOptions;
import retort.nn.data.Subset;

/// Labels on long-tailed data: contraction to the teacher's classifier rows, which are longer for
/// frequent classes, against rows of one length, class means, and no contraction at all.
@Command(
    name = "imbalance",
    description = "CIFAR-100-LT: lambda 0 against 0.9, plain and normalised centres, by shots.")
public final class Imbalance implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private ScaleOptions scale;

  /// What a recipe of it holds.
  ///
  /// @param factor training images of the most frequent class over those of the rarest
  /// @param lambda the degree of contraction where there is any
  record Plan(
      long seed,
      @Range(min = 1) int seeds,
      Data data,
      @Range(min = 1) double factor,
      Pair pair,
      Training training,
      GenDDOptions gendd,
      @Range(min = 0, max = 1) double lambda,
      List<Centres.Kind> centres) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, () -> scale.recipe("imbalance"), Imbalance::job);
  }

  private static Consumer<Run> job(Plan plan) {
    Images images = Images.open(plan.data()).longTailed(plan.factor(), plan.seed());
    return run -> {
      try (Lab lab = new Lab(run, images, plan.seed(), plan)) {
        Ground ground = lab.ground(plan.pair());
        int[] counts = Subset.counts(images.train());
        for (int i = 0; i < plan.seeds(); i++) {
          long seed = plan.seed() + i;
          GenDDOptions none = plan.gendd().lambda(0);
          cell(lab, ground, plan, "none", none, seed, counts);
          for (Centres.Kind kind : plan.centres()) {
            GenDDOptions o = plan.gendd().lambda(plan.lambda()).centre(kind);
            cell(lab, ground, plan, Lambda.name(kind), o, seed, counts);
          }
        }
        List<Group> groups = lab.groups();
        Table table = table(groups);
        List<String> findings = findings(groups);
        lab.finish(page(plan, images, groups, table, findings), table, findings);
      }
    };
  }

  private static void cell(
      Lab lab, Ground ground, Plan plan, String centre, GenDDOptions o, long seed, int[] counts) {
    lab.gendd(
        Lab.varied("lambda", o.lambda(), "centre", centre),
        seed,
        plan.training(),
        o,
        ground.centres(o.centre()),
        List.of(new Way(o.sampling())),
        counts);
  }

  private static Table table(List<Group> groups) {
    var table =
        new Table(
            "lambda", "centre", "answers by", "all [95 %]", "many", "medium", "few", "spread");
    for (Group g : groups) {
      for (Answer a : g.answers()) {
        table.row(
            g.at("lambda"),
            g.at("centre"),
            a.by(),
            g.accuracy(a).percent(),
            shots(g, a, 0).percent(),
            shots(g, a, 1).percent(),
            shots(g, a, 2).percent(),
            a.by().equals("generated") ? Lab.ratio(g.mean(a, Answer::spread).value()) : "-");
      }
    }
    return table;
  }

  private static Mean shots(Group g, Answer a, int which) {
    return g.mean(a, x -> x.shots().get(which));
  }

  private static List<String> findings(List<Group> groups) {
    List<String> said = new ArrayList<>();
    Group none = groups.getFirst();
    double[] without = none.each(none.by("generated"), Answer::accuracy);
    for (Group g : groups.subList(1, groups.size())) {
      Mean gain = Mean.difference(g.each(g.by("generated"), Answer::accuracy), without);
      Mean few =
          Mean.difference(
              g.each(g.by("generated"), a -> a.shots().get(2)),
              none.each(none.by("generated"), a -> a.shots().get(2)));
      said.add(
          String.format(
              Locale.ROOT,
              "Contraction to %s centres changes generated answers by %s over all classes and by %s"
                  + " over those with few images.",
              g.at("centre"),
              gain.percent(),
              few.percent()));
    }
    return said;
  }

  private static Page page(
      Plan plan, Images images, List<Group> groups, Table table, List<String> findings) {
    Page page =
        new Page(
            "Labels on imbalanced data",
            images.name()
                + ": "
                + images.train().size()
                + " training images; "
                + plan.seeds()
                + " seeds. Many: more than 100 training images a class, few: fewer than 20.");
    page.section("Result").table(table);
    findings.forEach(page::paragraph);
    String[] names = {"many", "medium", "few"};
    for (int s = 0; s < names.length; s++) {
      var chart = new BarChart("Classes with " + names[s] + " images", "accuracy, %");
      for (Group g : groups) {
        Mean m = shots(g, g.by("generated"), s);
        double low = m.n() == 1 ? m.value() : m.low(), high = m.n() == 1 ? m.value() : m.high();
        chart.bar(g.at("centre"), 100 * m.value(), 100 * low, 100 * high, m.percent());
      }
      page.figure(chart.svg(), "Generated answers for classes with " + names[s] + " images.");
    }
    return page.section("What this run is not").paragraph(Lab.caveat(plan.pair(), plan.seeds()));
  }
}
