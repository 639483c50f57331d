package retort.experiments.ablate;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import retort.experiments.ablate.GradientCosines.Rival;
import retort.experiments.ablate.Survey.Agreement;
import retort.experiments.ablate.Survey.Cosines;
import retort.experiments.report.LineChart;
import retort.experiments.report.Page;
import retort.experiments.terminal.Table;
import retort.experiments.train.Images;

/// The page of `theorem`.
record TheoremPage(Theorem.Plan plan, Images images, Theorem.Results results) {
  Table identities() {
    var table = new Table("identity", "largest residual", "cases", "statement");
    for (var i : results.identities())
      table.row(
          i.name(), String.format(Locale.ROOT, "%.1e", i.residual()), i.cases(), i.statement());
    return table;
  }

  private Table corrected() {
    var table = new Table("lambda", "teacher wrong", "label wins", "rule wrong", "images");
    for (var c : results.corrected())
      table.row(
          c.lambda(),
          String.format(Locale.ROOT, "%.1f %%", 100 * c.wrong()),
          String.format(Locale.ROOT, "%.1f %%", 100 * c.right()),
          c.mismatches(),
          c.images());
    return table;
  }

  private static Table table(String what, List<Agreement> all) {
    var table = new Table(what, "images", "multi-task loss", "feature", "least", "head", "body");
    for (Agreement a : all)
      a.with()
          .forEach((rival, c) ->
              table.row(
                  a.where(),
                  a.images(),
                  name(rival),
                  two(c.feature()),
                  two(c.featureLeast()),
                  two(c.head()),
                  two(c.body())));
    return table;
  }

  private static String two(double v) {
    return String.format(Locale.ROOT, "%.3f", v);
  }

  private static String name(Rival r) {
    return r.name().toLowerCase(Locale.ROOT);
  }

  private static String chart(
      String title, String xName, List<Agreement> all, double[] x, ToDoubleFunction<Cosines> of) {
    var chart = new LineChart(title, xName, "cosine");
    for (Rival r : Rival.values())
      chart.curve(
          name(r), x, all.stream().mapToDouble(a -> of.applyAsDouble(a.with().get(r))).toArray());
    return chart.svg();
  }

  Page page() {
    List<Agreement> steps = results.bySteps(), sure = results.byConfidence();
    double[] t = steps.stream().mapToDouble(a -> Double.parseDouble(a.where())).toArray();
    double[] p =
        sure.stream().mapToDouble(a -> Double.parseDouble(a.where().split(" to ")[1])).toArray();
    Page page =
        new Page(
            "The theorem on a real teacher",
            "Generating contracted features as a surrogate of reconstruction plus classification:"
                + " what is exact, and how far the gradients agree. "
                + plan.pair().teacher()
                + " on "
                + images.name()
                + ", lambda "
                + plan.gendd().lambda()
                + ".");
    page.section("What is exact")
        .table(identities())
        .paragraph(
            "In double precision, on the teacher's features of test images and on what a trained"
                + " head makes of them under noise; gradients by automatic differentiation on the"
                + " reference device. A residual is the largest difference over the largest number"
                + " that enters it.")
        .section("When the label wins")
        .table(corrected())
        .paragraph(
            "At the minimum of the generative loss stands (1 - lambda) f + lambda w_y. The closed"
                + " rule says for which images the frozen classifier then names the label.")
        .section("How far the gradients agree");
    results.findings().forEach(page::paragraph);
    page.paragraph(
            "Literal: reconstruct f and classify, the cross-entropy weighed for every image so that"
                + " the pulls along w_y agree. Scaled: the same, reconstructing (1 - lambda) f."
                + " Constant: reconstruct f and classify with one weight for all images. Head and"
                + " body: the same gradients pulled back to the parameters.")
        .figure(
            chart("At the generated feature", "diffusion step", steps, t, Cosines::feature),
            "Mean cosine over test images, by step: 0 is almost clean.")
        .figure(
            chart("At the head's parameters", "diffusion step", steps, t, Cosines::head),
            "Mean over batches.")
        .figure(
            chart("At the body's parameters", "diffusion step", steps, t, Cosines::body),
            "Mean over batches.")
        .figure(
            chart("By confidence", "p_y up to", sure, p, Cosines::feature),
            "At the generated feature, by the probability that the classifier gives the label.")
        .figure(
            chart("By confidence, at the head's parameters", "p_y up to", sure, p, Cosines::head),
            "Only the images of that confidence send gradients.")
        .table(table("step", steps))
        .table(table("p_y", sure));
    var c = results.classifier();
    return page.section("How collapsed the teacher is")
        .paragraph(
            String.format(
                Locale.ROOT,
                "Pairs of classifier rows have a mean cosine of %.3f with a spread of %.3f; under"
                    + " neural collapse all would have %.3f. Their lengths differ by %.1f %% of"
                    + " their mean.",
                c.cosine(),
                c.cosineSpread(),
                c.collapsed(),
                100 * c.lengthSpread()))
        .section("What this run is not")
        .paragraph(Lab.caveat(plan.pair(), 1));
  }
}
