package retort.experiments.report;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Epoch;
import retort.experiments.run.Outcome.Reading;
import retort.experiments.terminal.Table;

/// The table and the charts that every run shows, made from its [Outcome]s.
public final class Summary {
  private final List<Outcome> outcomes;

  public Summary(Collection<Outcome> outcomes) {
    this.outcomes = List.copyOf(outcomes);
  }

  /// A row for each way of reading each model's answers.
  public Table table() {
    var table =
        new Table(
            "method",
            "model",
            "answers from",
            "accuracy [95 %]",
            "parameters",
            "MACs/image",
            "training");
    for (Outcome outcome : outcomes) {
      String training = seconds(outcome.trainingSeconds());
      for (Reading r : outcome.readings()) {
        table.row(
            outcome.name(),
            outcome.model(),
            r.by(),
            r.accuracy(),
            String.format(Locale.ROOT, "%,d", r.parameters()),
            count(r.macs()),
            training);
      }
    }
    return table;
  }

  /// The accuracies of the table as points with their intervals.
  public String accuracies() {
    double lowest =
        outcomes.stream()
            .flatMap(o -> o.readings().stream())
            .mapToDouble(r -> r.accuracy().low())
            .min()
            .orElse(0);
    var chart =
        new BarChart("Accuracy on the test images", "accuracy, %").from(Math.floor(100 * lowest));
    for (Outcome outcome : outcomes) {
      for (Reading r : outcome.readings()) {
        var a = r.accuracy();
        String name =
            outcome.readings().size() == 1 ? outcome.name() : outcome.name() + ", " + r.by();
        chart.bar(name, 100 * a.value(), 100 * a.low(), 100 * a.high(), a.toString());
      }
    }
    return chart.svg();
  }

  /// Validation accuracy by epoch, a curve for each training.
  public String validation() {
    return byEpoch("Accuracy on the validation images", "accuracy, %", e -> 100 * e.validation());
  }

  /// The loss each training descends, by epoch. They differ in kind, so the axis is logarithmic.
  public String losses() {
    return byEpoch("Training loss", "loss", e -> e.losses().getOrDefault("loss", Double.NaN));
  }

  private String byEpoch(String title, String yName, ToDoubleFunction<Epoch> value) {
    var chart = new LineChart(title, "epoch", yName);
    if (yName.equals("loss")) chart.logY();
    for (Outcome outcome : outcomes) {
      double[] epochs = outcome.epochs().stream().mapToDouble(e -> e.epoch() + 1).toArray();
      chart.curve(outcome.name(), epochs, outcome.epochs().stream().mapToDouble(value).toArray());
    }
    return chart.svg();
  }

  /// Counts as people say them: `950`, `12.5 M`, `1.24 G`.
  public static String count(long n) {
    if (n < 10_000) return String.format(Locale.ROOT, "%,d", n);
    String unit = n < 1_000_000 ? " k" : n < 1_000_000_000 ? " M" : " G";
    double value = n / (n < 1_000_000 ? 1e3 : n < 1_000_000_000 ? 1e6 : 1e9);
    return String.format(
        Locale.ROOT, value < 10 ? "%.2f%s" : value < 100 ? "%.1f%s" : "%.0f%s", value, unit);
  }

  private static String seconds(double s) {
    return String.format(Locale.ROOT, "%.0f s", s);
  }
}
