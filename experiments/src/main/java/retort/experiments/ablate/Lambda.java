package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import retort.experiments.RunOptions;
import retort.experiments.ablate.Cell.Group;
import retort.experiments.recipe.Range;
import retort.experiments.report.LineChart;
import retort.experiments.report.Page;
import retort.experiments.terminal.Table;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Training;
import retort.gendd.generative.Centres;
import retort.gendd.generative.GenDDOptions;

/// Distribution Contraction: how far features are moved to their class's centre, and which centre.
@Command(name = "lambda", description = "The degree of contraction, for three kinds of centre.")
public final class Lambda implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private ScaleOptions scale;

  /// What a recipe of it holds.
  record Plan(
      long seed,
      @Range(min = 1) int seeds,
      Data data,
      Pair pair,
      Training training,
      GenDDOptions gendd,
      @Range(min = 0, max = 1) List<Double> lambdas,
      List<Centres.Kind> centres) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, () -> scale.recipe("lambda"), Lambda::job);
  }

  private static Consumer<Run> job(Plan plan) {
    Images images = Images.open(plan.data());
    return run -> {
      try (Lab lab = new Lab(run, images, plan.seed(), plan)) {
        sweep(lab, plan);
        List<Group> groups = lab.groups();
        Table table = table(groups);
        List<String> findings = findings(groups);
        lab.finish(page(plan, images, groups, table, findings), table, findings);
      }
    };
  }

  private static void sweep(Lab lab, Plan plan) {
    Ground ground = lab.ground(plan.pair());
    for (Centres.Kind kind : plan.centres()) {
      Centres centres = ground.centres(kind);
      for (double lambda : plan.lambdas()) {
        // Without contraction the centre doesn't matter: it is trained once.
        if (lambda == 0 && kind != plan.centres().getFirst()) continue;
        for (int i = 0; i < plan.seeds(); i++) {
          GenDDOptions o = plan.gendd().centre(kind).lambda(lambda);
          lab.gendd(
              Lab.varied("centre", name(kind), "lambda", lambda),
              plan.seed() + i,
              plan.training(),
              o,
              centres,
              List.of(new Way(o.sampling())),
              null);
        }
      }
    }
  }

  static String name(Centres.Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Table table(List<Group> groups) {
    var table =
        new Table(
            "centre",
            "lambda",
            "targets",
            "generated [95 %]",
            "own classifier [95 %]",
            "spread",
            "loss");
    for (Group g : groups) {
      table.row(
          g.at("centre"),
          g.at("lambda"),
          g.accuracy(g.by("targets")).percent(),
          g.accuracy(g.by("generated")).percent(),
          g.accuracy(g.by("own classifier")).percent(),
          Lab.ratio(g.mean(g.by("generated"), Answer::spread).value()),
          String.format(Locale.ROOT, "%.3f", g.loss("mse").value()));
    }
    return table;
  }

  private static List<String> findings(List<Group> groups) {
    List<String> said = new ArrayList<>();
    for (String kind : groups.stream().map(g -> g.at("centre")).distinct().toList()) {
      List<Group> own = groups.stream().filter(g -> g.at("centre").equals(kind)).toList();
      Group best =
          own.stream()
              .max(Comparator.comparingDouble(g -> g.accuracy(g.by("generated")).value()))
              .orElseThrow();
      said.add(
          String.format(
              Locale.ROOT,
              "Centre %s: generated features are classified best at lambda %s, %s.",
              kind,
              best.at("lambda"),
              best.accuracy(best.by("generated")).percent()));
    }
    return said;
  }

  private static Page page(
      Plan plan, Images images, List<Group> groups, Table table, List<String> findings) {
    Page page =
        new Page(
            "Distribution contraction",
            "The target of generation is (1 - lambda) f + lambda c: the teacher's feature f moved"
                + " to its class's centre c. On "
                + images.name()
                + ", "
                + plan.seeds()
                + " seeds.");
    page.section("Result").table(table);
    findings.forEach(page::paragraph);
    return page.figure(
            chart(groups, "Generated features", g -> g.by("generated")),
            "Accuracy of the teacher's classifier on generated features.")
        .figure(
            chart(groups, "The targets themselves", g -> g.by("targets")),
            "Accuracy of the teacher's classifier on the contracted features of the test images,"
                + " which know the label: what a perfect head would reach, and how much label the"
                + " contraction puts into the target.")
        .section("What this run is not")
        .paragraph(Lab.caveat(plan.pair(), plan.seeds()));
  }

  private static String chart(List<Group> groups, String title, Function<Group, Answer> which) {
    var chart = new LineChart(title, "lambda", "accuracy, %");
    for (String kind : groups.stream().map(g -> g.at("centre")).distinct().toList()) {
      List<Group> own =
          groups.stream()
              .filter(g -> g.at("centre").equals(kind) || g.number("lambda") == 0)
              .sorted(Comparator.comparingDouble(g -> g.number("lambda")))
              .toList();
      chart.curve(
          kind,
          own.stream().mapToDouble(g -> g.number("lambda")).toArray(),
          own.stream().mapToDouble(g -> 100 * g.accuracy(which.apply(g)).value()).toArray());
    }
    return chart.svg();
  }
}
