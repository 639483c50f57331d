package retort.experiments.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import retort.experiments.report.BarChart;
import retort.experiments.report.LineChart;
import retort.experiments.report.Page;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Epoch;
import retort.experiments.run.Outcome.Reading;

/// The page about finished runs: the table with intervals, curves, accuracy by the number of
/// training images where that differs, and what each way of answering costs.
public final class RunReport {
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  /// @param texts what to fold away at the end, by heading
  private record Entry(Ledger ledger, Row.Paper paper, Map<String, String> texts) {}

  /// @param name what the page calls the run
  public void add(String name, Ledger ledger, Row.Paper paper, Map<String, String> texts) {
    entries.put(name, new Entry(ledger, paper, texts));
  }

  public String html() {
    Page page =
        new Page(
            "Retort report",
            "Runs: "
                + String.join(", ", entries.keySet())
                + ". Made from the records in their folders; nothing was trained or tested for"
                + " it.");
    Comparisons comparisons = new Comparisons();
    entries.forEach((name, e) -> comparisons.add(name, e.paper, e.ledger.methods(), e.ledger));
    page.section("Accuracy")
        .table(comparisons.table())
        .paragraph(
            "Percent of the test images, which were looked at once a run, after training. Where a"
                + " method was run with several seeds: mean ± half of Student's 95 % interval, and"
                + " the p-value of Student's paired test against classic distillation. The best"
                + " epoch is the validation images'.");
    comparisons.shots().ifPresent(page::table);
    entries.forEach((name, e) -> figures(page, name, e));
    page.section("Where the numbers come from");
    entries.forEach(
        (name, e) -> e.texts.forEach((heading, text) -> page.folded(name + ": " + heading, text)));
    return page.html();
  }

  private static void figures(Page page, String name, Entry e) {
    page.section(name)
        .figure(
            bars(e.ledger),
            "Every way of answering after the last epoch, with its 95 % interval: over the seeds,"
                + " or, where there is one, Wilson's over the test images.");
    if (e.ledger.methods().stream().anyMatch(m -> hasShots(e.ledger, m))) {
      page.figure(
          shots(e.ledger),
          "Accuracy on classes with many (more than 100), medium (20 to 100) and few (fewer than"
              + " 20) training images, by each method's last way of answering.");
    }
    page.figure(
            curves(e.ledger, "Accuracy on the validation images", "accuracy, %", false),
            "Held-out training images after each epoch, by the student's own classifier; means over"
                + " the seeds.")
        .figure(
            curves(e.ledger, "Training loss", "loss", true),
            "The sum of each method's losses: they differ in kind, so compare shapes.")
        .figure(
            costs(e.ledger),
            "What an answer costs and how often it is right. A line joins the ways of answering of"
                + " one student.");
  }

  private static List<Reading> readings(Ledger ledger, String method) {
    return ledger.outcomes(method).getFirst().readings();
  }

  private static Seeds accuracy(Ledger ledger, String method, Reading r) {
    return ledger.of(method, r.by(), false, x -> 100 * x.accuracy().value());
  }

  private static String bars(Ledger ledger) {
    var chart = new BarChart("Accuracy on the test images", "accuracy, %");
    double least = 100;
    for (String method : ledger.methods()) {
      List<Reading> readings = readings(ledger, method);
      for (Reading r : readings) {
        Seeds seeds = accuracy(ledger, method, r);
        boolean one = seeds.count() == 1;
        double low = one ? 100 * r.accuracy().low() : seeds.mean() - seeds.halfWidth();
        double high = one ? 100 * r.accuracy().high() : seeds.mean() + seeds.halfWidth();
        least = Math.min(least, low);
        String bar = readings.size() == 1 ? method : method + ", " + r.by();
        chart.bar(bar, seeds.mean(), low, high, seeds.toString());
      }
    }
    return chart.from(Math.max(0, Math.floor(least))).svg();
  }

  private static boolean hasShots(Ledger ledger, String method) {
    return !readings(ledger, method).getLast().shots().isEmpty();
  }

  private static String shots(Ledger ledger) {
    var chart = new BarChart("Accuracy by the number of training images", "accuracy, %");
    for (String method : ledger.methods()) {
      Reading r = readings(ledger, method).getLast();
      for (String shot : r.shots().keySet()) {
        Seeds seeds = ledger.of(method, r.by(), false, x -> 100 * x.shots().get(shot));
        double half = Double.isNaN(seeds.halfWidth()) ? 0 : seeds.halfWidth();
        double low = Math.max(0, seeds.mean() - half);
        chart.bar(method + ", " + shot, seeds.mean(), low, seeds.mean() + half, seeds.toString());
      }
    }
    return chart.svg();
  }

  private static String curves(Ledger ledger, String title, String yName, boolean loss) {
    var chart = new LineChart(title, "epoch", yName);
    if (loss) chart.logY();
    ToDoubleFunction<Epoch> value =
        loss ? e -> e.losses().getOrDefault("loss", Double.NaN) : e -> 100 * e.validation();
    for (String method : ledger.methods()) {
      List<Outcome> runs = ledger.outcomes(method);
      int epochs = runs.stream().mapToInt(o -> o.epochs().size()).min().orElse(0);
      double[] x = IntStream.rangeClosed(1, epochs).asDoubleStream().toArray();
      double[] y =
          IntStream.range(0, epochs)
              .mapToDouble(i ->
                  runs.stream()
                      .mapToDouble(o -> value.applyAsDouble(o.epochs().get(i)))
                      .average()
                      .orElse(Double.NaN))
              .toArray();
      chart.curve(method, x, y);
    }
    return chart.svg();
  }

  private static String costs(Ledger ledger) {
    var chart =
        new LineChart("Cost and accuracy", "multiply-adds an image at inference", "accuracy, %")
            .logX();
    for (String method : ledger.methods()) {
      List<Reading> readings = readings(ledger, method);
      chart.curve(
          method,
          readings.stream().mapToDouble(Reading::macs).toArray(),
          readings.stream().mapToDouble(r -> accuracy(ledger, method, r).mean()).toArray());
    }
    return chart.svg();
  }
}
