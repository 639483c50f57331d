package retort.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import retort.experiments.run.Json;
import retort.experiments.terminal.Table;
import retort.gendd.gradcheck.GenddCases;
import retort.nn.Nearest;
import retort.nn.gradcheck.LayerCases;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.GradientReport;
import retort.tensor.gradcheck.OpCases;

/// Checks the gradients of every op, layer, block and loss in double precision against central
/// differences: the catalogue that the tests run, as a table.
@Command(
    name = "gradcheck",
    description = {
      "Checks the gradient of every op and module against differences, and prints the table.",
      "Exit code 1 when any fails."
    })
public final class Gradcheck implements Callable<Integer> {
  @Option(
      names = "--op",
      paramLabel = "NAME",
      description = "One op or module, every case of it in full.")
  private String only;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also write every finding to a file.")
  private Path json;

  @Spec private CommandSpec command;

  /// A case's finding, as `--json` writes it.
  record Finding(String name, String variant, GradientReport report) {}

  @Override
  public Integer call() {
    return check(cases(), command.commandLine().getOut());
  }

  int check(List<GradientCase> cases, PrintWriter out) {
    SequencedMap<String, List<Finding>> byName = new LinkedHashMap<>();
    for (GradientCase each : cases) {
      GradientReport report = each.check();
      byName
          .computeIfAbsent(each.name(), name -> new ArrayList<>())
          .add(new Finding(each.name(), each.variant(), report));
      if (only != null || !report.passed()) out.println(report);
    }
    List<Finding> all = byName.values().stream().flatMap(List::stream).toList();
    if (only == null) out.println(table(byName));
    if (json != null) Json.write(json, all);
    long failed = all.stream().filter(f -> !f.report().passed()).count();
    out.println(
        all.size() + " cases of " + byName.size() + " ops and modules, " + failed + " failed");
    return failed == 0 ? 0 : 1;
  }

  private List<GradientCase> cases() {
    List<GradientCase> all =
        Stream.of(OpCases.all(), LayerCases.all(), GenddCases.all()).flatMap(List::stream).toList();
    if (only == null) return all;
    List<GradientCase> named = all.stream().filter(c -> c.name().equals(only)).toList();
    if (named.isEmpty()) {
      List<String> names = all.stream().map(GradientCase::name).distinct().toList();
      throw new ParameterException(
          command.commandLine(),
          "there is no op or module '"
              + only
              + "'"
              + Nearest.hint(only, names)
              + "; there are "
              + String.join(", ", names));
    }
    return named;
  }

  private static Table table(Map<String, List<Finding>> byName) {
    var table =
        new Table("op or module", "cases", "worst relative", "estimate", "kinks", "ms", "gradient");
    byName.forEach((name, findings) -> {
      List<GradientReport> reports = findings.stream().map(Finding::report).toList();
      boolean passed = reports.stream().allMatch(GradientReport::passed);
      table.row(
          name,
          reports.size(),
          scientific(reports.stream().mapToDouble(GradientReport::worstRelative).max()),
          scientific(reports.stream().mapToDouble(GradientReport::worstEstimate).max()),
          reports.stream().mapToInt(GradientReport::kinks).sum(),
          Math.round(reports.stream().mapToDouble(GradientReport::millis).sum()),
          passed ? "right" : "WRONG");
    });
    return table;
  }

  private static String scientific(OptionalDouble value) {
    return String.format(Locale.ROOT, "%.1e", value.orElse(0));
  }
}
