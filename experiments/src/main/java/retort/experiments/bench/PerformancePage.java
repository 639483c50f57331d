package retort.experiments.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import retort.experiments.Failure;
import retort.nn.io.AtomicFile;

/// Puts a report's figures between two marks of a Markdown document, and leaves the rest alone: no
/// figure in it is typed by hand.
final class PerformancePage {
  static final String BEGIN = "<!-- figures: written by retort bench --markdown -->";
  static final String END = "<!-- end of figures -->";

  private PerformancePage() {}

  static void update(Path document, Report report) throws IOException {
    String text = Files.readString(document);
    int begin = text.indexOf(BEGIN), end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new Failure(
          "the document has no place for the figures",
          document.toString(),
          "put the lines '" + BEGIN + "' and '" + END + "' where they belong");
    }
    String updated =
        text.substring(0, begin + BEGIN.length()) + "\n" + figures(report) + text.substring(end);
    AtomicFile.write(document, to -> to.write(updated.getBytes(StandardCharsets.UTF_8)));
  }

  static String figures(Report report) {
    var md = new StringBuilder("\n");
    md.append("Measured ").append(report.date(), 0, 10).append(" on ").append(report.cpu());
    md.append(" (" + report.processors() + " processors), " + report.os() + ", " + report.jvm());
    md.append("; Retort ").append(report.code());
    if (!report.peers().isEmpty()) md.append(" beside " + String.join(" and ", report.peers()));
    md.append(".\n");
    for (Report.Ruler r : report.rulers()) {
      line(
          md,
          "Peak on %s: %.1f GFLOP/s, %.1f GB/s.",
          Report.threads(r.threads()),
          r.gflops(),
          r.gigabytes());
    }
    summary(md, report);
    memory(md, report);
    scaling(md, report);
    for (Family family : Family.values()) family(md, family, report);
    return md.append('\n').toString();
  }

  private static void summary(StringBuilder md, Report report) {
    if (report.peers().isEmpty()) return;
    md.append(
        "\n| ours / theirs | threads | geometric mean | wanted | worst | wanted | worst at |\n");
    md.append("|---|--:|--:|--:|--:|--:|---|\n");
    for (Family family : Family.values()) {
      for (int n : threadCounts(report)) {
        List<Row> rows = compared(report, family, n);
        if (rows.isEmpty()) continue;
        double logs = 0;
        Row worst = rows.getFirst();
        for (Row r : rows) {
          logs += Math.log(r.ratio());
          if (r.ratio() < worst.ratio()) worst = r;
        }
        line(
            md,
            "| %s | %d | %.2f | %.2f | %.2f | %.2f | %s |",
            family.title(),
            n,
            Math.exp(logs / rows.size()),
            family.geometricMean(),
            worst.ratio(),
            family.worst(),
            worst.name());
      }
    }
  }

  private static void memory(StringBuilder md, Report report) {
    List<Row> rows =
        report.rows().stream().filter(r -> r.ourMiB() != null && r.theirMiB() != null).toList();
    if (rows.isEmpty()) return;
    md.append("\n| peak memory | threads | ours, MiB | theirs, MiB |\n|---|--:|--:|--:|\n");
    for (Row r : rows) {
      line(md, "| %s | %d | %.0f | %.0f |", r.name(), r.threads(), r.ourMiB(), r.theirMiB());
    }
  }

  /// How much faster the first whole step is on more threads.
  private static void scaling(StringBuilder md, Report report) {
    List<Row> steps = report.rows().stream().filter(r -> r.family() == Family.RESNET20).toList();
    for (Row one : steps) {
      for (Row more : steps) {
        if (one.threads() > 1 || more.threads() == 1 || !one.name().equals(more.name())) continue;
        line(
            md,
            "\n%s: %s are %.2f times as fast as one (wanted on two: 1.8).",
            one.name(),
            Report.threads(more.threads()),
            more.ours() / one.ours());
      }
    }
  }

  private static void family(StringBuilder md, Family family, Report report) {
    List<Row> rows = report.rows().stream().filter(r -> r.family() == family).toList();
    if (rows.isEmpty()) return;
    md.append("\n### ").append(capitalised(family.title())).append("\n\n");
    List<String> head = new ArrayList<>(List.of("work"));
    List<Integer> counts = List.copyOf(threadCounts(report));
    for (int n : counts) head.addAll(List.of("ours, " + Report.threads(n), "theirs", "ratio"));
    md.append("| ").append(String.join(" | ", head)).append(" |\n|---");
    md.append("|--:".repeat(head.size() - 1)).append("|\n");
    for (String name : rows.stream().map(Row::name).distinct().toList()) {
      md.append("| ").append(name);
      for (int n : counts) cells(md, rows, name, n);
      md.append(" |\n");
    }
    String unit = family.unit().label();
    md.append("\nIn ").append(unit).append(".");
    if (rows.stream().anyMatch(r -> r.undisturbed() < Rounds.ENOUGH)) {
      md.append(" ~ marks figures of a disturbed machine.");
    }
    md.append('\n');
  }

  private static void cells(StringBuilder md, List<Row> rows, String name, int threads) {
    Row r =
        rows.stream()
            .filter(x -> x.name().equals(name) && x.threads() == threads)
            .findFirst()
            .orElse(null);
    if (r == null) {
      md.append(" | - | - | -");
      return;
    }
    String mark = r.undisturbed() < Rounds.ENOUGH ? " ~" : "";
    md.append(String.format(Locale.ROOT, " | %.1f%s", r.ours(), mark));
    if (r.ratio() == null) md.append(" | - | -");
    else md.append(String.format(Locale.ROOT, " | %.1f | %.2f", r.theirs(), r.ratio()));
  }

  private static List<Row> compared(Report report, Family family, int threads) {
    return report.rows().stream()
        .filter(r -> r.family() == family && r.threads() == threads && r.ratio() != null)
        .toList();
  }

  private static TreeSet<Integer> threadCounts(Report report) {
    var counts = new TreeSet<Integer>();
    for (Row r : report.rows()) counts.add(r.threads());
    return counts;
  }

  private static String capitalised(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }

  private static void line(StringBuilder md, String format, Object... values) {
    md.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
