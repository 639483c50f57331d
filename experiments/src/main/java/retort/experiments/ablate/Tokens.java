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
import retort.experiments.run.Mean;
import retort.experiments.terminal.Table;
import retort.experiments.train.Data;
import retort.experiments.train.Images;
import retort.experiments.train.Run;
import retort.experiments.train.Training;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDDOptions;
import retort.gendd.generative.SplitTokens;

/// Split Tokenization against the width of the head and against what the head predicts: the figure
/// of the paper's section 4 on token sizes, beside what explains it. To predict noise, a head of
/// width w passes the d numbers of a noisy token through w numbers; where w < d it can say at most
/// a share w / d of the noise, so its loss stays at 1 - w / d however long it trains.
@Command(
    name = "tokens",
    description = "Token dimension by head width by what is predicted; the loss beside its floor.")
public final class Tokens implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private ScaleOptions scale;

  /// What a recipe of it holds.
  ///
  /// @param rows tokens times draws of an image, the same for every token size, so that every head
  ///   trains on as many rows
  record Plan(
      long seed,
      @Range(min = 1) int seeds,
      Data data,
      Pair pair,
      Training training,
      GenDDOptions gendd,
      List<Integer> tokens,
      List<Integer> widths,
      List<String> predictions,
      @Range(min = 1) int rows) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, () -> scale.recipe("tokens"), Tokens::job);
  }

  private static Consumer<Run> job(Plan plan) {
    Images images = Images.open(plan.data());
    int width = Ground.featureWidth(images, plan.pair().teacher());
    for (int token : plan.tokens()) new SplitTokens(width, token); // refuses what doesn't divide
    for (String what : plan.predictions()) plan.gendd().predict(what);
    return run -> run(plan, images, width, run);
  }

  private static void run(Plan plan, Images images, int width, Run run) {
    try (Lab lab = new Lab(run, images, plan.seed(), plan)) {
      lab.ground(plan.pair());
      for (int i = 0; i < plan.seeds(); i++) {
        for (int token : plan.tokens()) {
          for (int w : plan.widths()) {
            for (String what : plan.predictions()) {
              int draws = Math.max(1, plan.rows() * token / width);
              GenDDOptions o = plan.gendd().token(token).width(w).draws(draws).predict(what);
              Sampling how = o.sampling();
              lab.gendd(
                  Lab.varied("token", token, "width", w, "predicts", what),
                  plan.seed() + i,
                  plan.training(),
                  o,
                  null,
                  List.of(new Way(how), new Way("clipped", how.clip(true))),
                  null);
            }
          }
        }
      }
      List<Group> groups = lab.groups();
      Table table = table(groups);
      List<String> findings = findings(groups);
      lab.finish(page(plan, width, groups, table, findings), table, findings);
    }
  }

  private static double floor(Group g) {
    return Math.max(0, 1 - g.number("width") / g.number("token"));
  }

  private static boolean ofNoise(Group g) {
    return g.at("predicts").equals("noise");
  }

  private static Mean accuracy(Group g, String variant) {
    return g.answers().stream()
        .filter(a -> a.by().equals("generated") && a.variant().equals(variant))
        .map(g::accuracy)
        .findFirst()
        .orElseThrow();
  }

  private static Mean spread(Group g) {
    return g.mean(g.by("generated"), Answer::spread);
  }

  private static Table table(List<Group> groups) {
    var table =
        new Table(
            "token d",
            "width w",
            "predicts",
            "floor 1 - w/d",
            "loss [95 %]",
            "accuracy [95 %]",
            "clipped [95 %]",
            "spread");
    for (Group g : groups) {
      table.row(
          g.at("token"),
          g.at("width"),
          g.at("predicts"),
          ofNoise(g) ? String.format(Locale.ROOT, "%.3f", floor(g)) : "-",
          g.loss("mse"),
          accuracy(g, "").percent(),
          accuracy(g, "clipped").percent(),
          Lab.ratio(spread(g).value()));
    }
    return table;
  }

  private static List<String> findings(List<Group> groups) {
    List<String> said = new ArrayList<>();
    List<Group> narrow = groups.stream().filter(g -> ofNoise(g) && floor(g) > 0).toList();
    if (!narrow.isEmpty()) {
      double worst =
          narrow.stream()
              .mapToDouble(g -> Math.abs(g.loss("mse").value() - floor(g)))
              .max()
              .orElseThrow();
      said.add(
          String.format(
              Locale.ROOT,
              "Noise prediction in heads narrower than their token: the measured loss and the floor"
                  + " 1 - w/d differ by at most %.3f over %d settings.",
              worst,
              narrow.size()));
    }
    for (Group g : groups) {
      if (ofNoise(g) || g.number("width") >= g.number("token")) continue;
      groups.stream()
          .filter(n -> ofNoise(n) && n.at("token").equals(g.at("token")))
          .filter(n -> n.at("width").equals(g.at("width")))
          .findFirst()
          .ifPresent(n ->
              said.add(
                  String.format(
                      Locale.ROOT,
                      "One token of %s in a head of width %s, clipped: predicting %s gives %s,"
                          + " predicting noise %s.",
                      g.at("token"),
                      g.at("width"),
                      g.at("predicts"),
                      accuracy(g, "clipped").percent(),
                      accuracy(n, "clipped").percent())));
    }
    return said;
  }

  private static Page page(
      Plan plan, int width, List<Group> groups, Table table, List<String> findings) {
    Page page =
        new Page(
            "Split tokens",
            "How large a token the denoising head can handle, and why: a teacher's feature of "
                + width
                + " numbers in tokens of several sizes, heads of several widths, and what they"
                + " predict; "
                + plan.seeds()
                + " seeds each.");
    page.section("Result").table(table);
    findings.forEach(page::paragraph);
    page.section("Loss")
        .figure(
            losses(groups),
            "The dashes of the theory are the dots of the curve called floor: 1 - w/d, and 0 from w"
                + " = d on.");
    page.section("Accuracy")
        .figure(
            accuracies(groups),
            "Generated features through the teacher's classifier, predicted clean tokens held"
                + " within the range seen in training.");
    return page.section("What this run is not").paragraph(Lab.caveat(plan.pair(), plan.seeds()));
  }

  private static String losses(List<Group> groups) {
    var chart = new LineChart("Loss of noise prediction", "head width / token dimension", "loss");
    List<Group> noise =
        groups.stream()
            .filter(Tokens::ofNoise)
            .sorted((a, b) -> Double.compare(share(a), share(b)))
            .toList();
    double[] x = noise.stream().mapToDouble(Tokens::share).toArray();
    chart.curve("floor 1 - w/d", x, noise.stream().mapToDouble(Tokens::floor).toArray());
    chart.curve("measured", x, noise.stream().mapToDouble(g -> g.loss("mse").value()).toArray());
    return chart.logX().svg();
  }

  private static double share(Group g) {
    return g.number("width") / g.number("token");
  }

  private static String accuracies(List<Group> groups) {
    var chart = new LineChart("Accuracy by token dimension", "token dimension", "accuracy, %");
    for (String name : groups.stream().map(Tokens::head).distinct().toList()) {
      List<Group> own =
          groups.stream()
              .filter(g -> head(g).equals(name))
              .sorted((a, b) -> Double.compare(a.number("token"), b.number("token")))
              .toList();
      chart.curve(
          name,
          own.stream().mapToDouble(g -> g.number("token")).toArray(),
          own.stream().mapToDouble(g -> 100 * accuracy(g, "clipped").value()).toArray());
    }
    return chart.logX().svg();
  }

  private static String head(Group g) {
    return g.at("predicts") + ", w = " + g.at("width");
  }
}
