package retort.experiments.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import retort.experiments.run.Outcome;
import retort.experiments.run.Outcome.Reading;
import retort.experiments.terminal.Table;

/// Our numbers beside the paper's.
public final class Comparisons {
  /// What the paired tests compare with.
  private static final String BASELINE = "kd";

  private static final List<String> SHOTS = List.of("many", "medium", "few");

  private final List<Entry> entries = new ArrayList<>();

  /// @param name of the row
  /// @param methods whose lines to show, whether they were run or not
  private record Entry(String name, Row.Paper paper, List<String> methods, Ledger ledger) {}

  public Comparisons add(String name, Row.Paper paper, List<String> methods, Ledger ledger) {
    entries.add(new Entry(name, paper, methods, ledger));
    return this;
  }

  /// A line for each way of answering of each method: accuracies in percent, means over seeds with
  /// their 95 % intervals. The paper's number stands beside the last way, which is the one it
  /// reports.
  public Table table() {
    Table table =
        new Table(
            "row",
            "method",
            "answers from",
            "paper",
            "ours, last epoch",
            "ours, best epoch",
            "top 5",
            "p against kd",
            "seeds");
    for (Entry e : entries) {
      for (String method : e.methods) lines(table, e, method);
    }
    return table;
  }

  private static void lines(Table table, Entry e, String method) {
    String paper = percent(Optional.ofNullable(e.paper.top1().get(method)));
    List<Outcome> runs = e.ledger.outcomes(method);
    if (runs.isEmpty()) {
      table.row(e.name, method, "-", paper, "-", "-", "-", "-", 0);
      return;
    }
    List<Reading> readings = runs.getFirst().readings();
    for (Reading r : readings) {
      Seeds last = e.ledger.of(method, r.by(), false, x -> 100 * x.accuracy().value());
      Seeds best = e.ledger.of(method, r.by(), true, x -> 100 * x.accuracy().value());
      Seeds top5 = e.ledger.of(method, r.by(), false, x -> 100 * x.top5());
      table.row(
          e.name,
          method,
          r.by(),
          r == readings.getLast() ? paper : "-",
          last,
          best,
          top5,
          method.equals(BASELINE) ? "-" : p(e.ledger.paired(method, r.by(), BASELINE)),
          last.count());
    }
  }

  /// Accuracy by the number of training images, ours beside the paper's; empty where no row has
  /// long tails.
  public Optional<Table> shots() {
    Table table =
        new Table("row", "method", "answers from", "classes", "paper", "ours, last epoch");
    for (Entry e : entries) {
      for (String method : e.methods) {
        List<Outcome> runs = e.ledger.outcomes(method);
        List<Reading> readings = runs.isEmpty() ? List.of() : runs.getFirst().readings();
        for (String shot : SHOTS) {
          Map<String, Double> said = paper(e.paper, shot).orElse(Map.of());
          String paper = percent(Optional.ofNullable(said.get(method)));
          if (readings.isEmpty() && !said.isEmpty()) {
            table.row(e.name, method, "-", shot, paper, "-");
          }
          for (Reading r : readings) {
            if (!r.shots().containsKey(shot)) continue;
            Seeds ours = e.ledger.of(method, r.by(), false, x -> 100 * x.shots().get(shot));
            String beside = r == readings.getLast() ? paper : "-";
            table.row(e.name, method, r.by(), shot, beside, ours);
          }
        }
      }
    }
    return Optional.of(table).filter(t -> !t.rows().isEmpty());
  }

  private static Optional<Map<String, Double>> paper(Row.Paper paper, String shot) {
    return switch (shot) {
      case "many" -> paper.many();
      case "medium" -> paper.medium();
      default -> paper.few();
    };
  }

  private static String percent(Optional<Double> value) {
    return value.map(v -> String.format(Locale.ROOT, "%.2f", v)).orElse("-");
  }

  private static String p(double p) {
    return Double.isNaN(p) ? "-" : String.format(Locale.ROOT, p < 0.001 ? "%.1e" : "%.3f", p);
  }
}
