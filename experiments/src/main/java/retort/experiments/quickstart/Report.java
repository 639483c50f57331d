package retort.experiments.quickstart;

import retort.experiments.report.Page;
import retort.experiments.report.Summary;
import retort.experiments.run.Json;
import retort.experiments.train.Study;

/// The page that a quickstart ends with.
final class Report {
  /// How far below the plain student a generative one may end before the page explains it.
  private static final double POINTS = 0.02;

  private Report() {}

  /// @param generation the picture of the sampling, or null where nothing was generated
  static String html(Plan plan, Study.Results results, Generation generation, String recipe) {
    Summary summary = new Summary(results.outcomes());
    Page page =
        new Page(
            "Retort quickstart",
            "A "
                + plan.teacher().model()
                + " teacher and "
                + plan.student()
                + " students made from it in several ways, on "
                + results.manifest().data()
                + ", seed "
                + plan.seed()
                + ".");
    page.section("Accuracy")
        .table(summary.table())
        .paragraph(
            "Accuracies are shares of the test images with Wilson's 95 % interval. The test images"
                + " were looked at once, after training; nothing was chosen by them. MACs are those"
                + " of one image, counted by running each way of answering on a device that"
                + " counts.")
        .figure(summary.accuracies(), "Every way of answering, with its interval.");
    String shortfall = shortfall(results);
    if (!shortfall.isEmpty()) page.note(shortfall);
    page.section("Training")
        .figure(
            summary.validation(),
            "Accuracy on held-out training images after each epoch, by each method's first"
                + " classifier.")
        .figure(
            summary.losses(),
            "The sum of each method's losses: they differ in kind, so compare shapes.");
    if (generation != null) {
      page.section("Generation")
          .paragraph(
              "GenDD's student does not compute the teacher's feature: it samples it, from noise,"
                  + " over "
                  + plan.gendd().sampling().spacing().steps()
                  + " steps"
                  + (plan.gendd().sampling().clip()
                      ? ", held at every step within the range of the features seen in training,"
                          + " which the paper does not do."
                      : "."))
          .figure(generation.svg(), generation.caption());
    }
    page.section("What this run is not")
        .paragraph(
            "It is sized for a processor and some minutes: a denoising head of width "
                + plan.gendd().width()
                + " with "
                + plan.gendd().draws()
                + " noise draws a token, where the paper's has width 1024 and 30 draws, tokens of "
                + plan.gendd().token()
                + " numbers where the paper's have 64, and "
                + (plan.firstStage().epochs() + plan.generative().epochs())
                + " epochs (students of classic methods: "
                + plan.classic().epochs()
                + ") where the paper trains 240 on top of 50.");
    return page.folded("Recipe", recipe).folded("Manifest", Json.pretty(results.manifest())).html();
  }

  /// Says so where generated answers stay more than two points behind the plain student's.
  private static String shortfall(Study.Results results) {
    double plain = best(results, "plain");
    double gendd = best(results, "gendd");
    if (Double.isNaN(plain) || Double.isNaN(gendd) || gendd >= plain - POINTS) return "";
    return String.format(
        java.util.Locale.ROOT,
        "GenDD ends %.1f points below the plain student here: its student learns only through the"
            + " denoising head, which itself begins from nothing, and needs more steps than this"
            + " budget has. Run with --budget long to see where it gets to.",
        100 * (plain - gendd));
  }

  private static double best(Study.Results results, String name) {
    return results.outcomes().stream()
        .filter(o -> o.name().equals(name))
        .flatMap(o -> o.readings().stream())
        .mapToDouble(r -> r.accuracy().value())
        .min()
        .orElse(Double.NaN);
  }
}
