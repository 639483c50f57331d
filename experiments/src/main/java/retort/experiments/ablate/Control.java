package retort.experiments.ablate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
import retort.experiments.train.Lesson;
import retort.experiments.train.Run;
import retort.experiments.train.Training;
import retort.gendd.Distiller;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;

/// How much of GenDD's gain its recipe explains: the same student, from the same first stage, under
/// the same optimiser for the same epochs, by GenDD and by methods that generate nothing. Students
/// are compared whole, bodies trained; so it also tells what the head adds to its own body.
@Command(
    name = "control",
    description = "GenDD beside plain training, KD and regression under one and the same recipe.")
public final class Control implements Callable<Integer> {
  @Mixin private RunOptions options;
  @Mixin private ScaleOptions scale;

  /// What a recipe of it holds.
  ///
  /// @param lambdas degrees of contraction that GenDD is tried with
  record Plan(
      long seed,
      @Range(min = 1) int seeds,
      Data data,
      Pair pair,
      Training training,
      GenDDOptions gendd,
      @Range(min = 0, max = 1) List<Double> lambdas,
      List<String> methods) {}

  @Override
  public Integer call() {
    return options.run(Plan.class, () -> scale.recipe("control"), Control::job);
  }

  private static Consumer<Run> job(Plan plan) {
    Images images = Images.open(plan.data());
    var names = new Lesson.Pair(plan.pair().teacher(), plan.pair().student());
    for (String method : plan.methods()) lesson(plan, method).check(images, names);
    return run -> {
      try (Lab lab = new Lab(run, images, plan.seed(), plan)) {
        Ground ground = lab.ground(plan.pair());
        for (int i = 0; i < plan.seeds(); i++) {
          long seed = plan.seed() + i;
          for (String method : plan.methods()) {
            lab.cell(
                Lab.varied("method", method),
                seed,
                plan.training(),
                () -> make(plan, images, ground, method, names, seed),
                d -> lab.classified(d, seed));
          }
          for (double lambda : plan.lambdas()) {
            GenDDOptions o = plan.gendd().lambda(lambda);
            lab.cell(
                Lab.varied("method", "gendd, lambda " + lambda),
                seed,
                plan.training(),
                () -> new GenDD(ground.student(seed), ground.teacher(), o),
                d ->
                    lab.examine(
                        d,
                        seed,
                        List.of(new Way(o.sampling()), new Way(o.sampling().samples(5))),
                        null));
          }
        }
        List<Group> groups = lab.groups();
        Table table = table(groups);
        List<String> findings = findings(groups);
        lab.finish(page(plan, images, groups, table, findings), table, findings);
      }
    };
  }

  private static Lesson lesson(Plan plan, String method) {
    return new Pair.School(method, Optional.empty(), plan.training()).lesson();
  }

  private static Distiller make(
      Plan plan, Images images, Ground ground, String method, Lesson.Pair names, long seed) {
    return lesson(plan, method).make(images.setting(ground.student(seed), ground.teacher()), names);
  }

  private static Table table(List<Group> groups) {
    var table = new Table("method", "answers by", "accuracy [95 %]", "training, s");
    for (Group g : groups) {
      for (Answer a : g.answers()) {
        String samples = a.samples() > 0 ? " x" + a.samples() : "";
        table.row(
            g.at("method"),
            a.by() + samples,
            g.accuracy(a).percent(),
            String.format(Locale.ROOT, "%.0f", Mean.of(g.each(Cell::seconds)).value()));
      }
    }
    return table;
  }

  /// The student's own classifier of each method beside that of plain training, seed by seed.
  private static List<String> findings(List<Group> groups) {
    List<String> said = new ArrayList<>();
    Group plain = groups.getFirst();
    double[] base = plain.each(plain.answers().getFirst(), Answer::accuracy);
    for (Group g : groups) {
      double[] own = g.each(g.answers().getFirst(), Answer::accuracy);
      if (g != plain)
        said.add(
            String.format(
                Locale.ROOT,
                "The student's own classifier: %s minus %s is %s.",
                g.at("method"),
                plain.at("method"),
                Mean.difference(own, base).percent()));
      for (Answer a : g.answers()) {
        if (a.by().equals("generated"))
          said.add(
              String.format(
                  Locale.ROOT,
                  "%s: generated x%d minus its own body's classifier is %s.",
                  g.at("method"),
                  a.samples(),
                  Mean.difference(g.each(a, Answer::accuracy), own).percent()));
      }
    }
    return said;
  }

  private static Page page(
      Plan plan, Images images, List<Group> groups, Table table, List<String> findings) {
    Page page =
        new Page(
            "What the recipe alone explains",
            "One student on "
                + images.name()
                + ", one first stage, one optimiser, "
                + plan.training().epochs()
                + " epochs, "
                + plan.seeds()
                + " seeds: only the method differs.");
    page.section("Result").table(table);
    findings.forEach(page::paragraph);
    var chart = new BarChart("Accuracy by method", "accuracy, %").from(floor(groups));
    for (Group g : groups) {
      for (Answer a : g.answers()) {
        if (a.by().equals("targets")) continue;
        Mean m = g.accuracy(a);
        double low = m.n() == 1 ? m.value() : m.low(), high = m.n() == 1 ? m.value() : m.high();
        String name = a.samples() > 0 ? g.at("method") + ", x" + a.samples() : g.at("method");
        chart.bar(name, 100 * m.value(), 100 * low, 100 * high, m.percent());
      }
    }
    return page.figure(
            chart.svg(),
            "The student's own classifier, and, marked with the number of samples, generated"
                + " features.")
        .section("What this run is not")
        .paragraph(Lab.caveat(plan.pair(), plan.seeds()));
  }

  private static double floor(List<Group> groups) {
    double least =
        groups.stream()
            .flatMap(g -> g.answers().stream().map(g::accuracy))
            .mapToDouble(m -> m.n() == 1 ? m.value() : m.low())
            .min()
            .orElse(0);
    return Math.max(0, Math.floor(100 * least));
  }
}
