package retort.experiments.command;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import retort.experiments.terminal.Table;
import retort.experiments.train.Lesson;
import retort.experiments.train.MethodCost;
import retort.gendd.methods.MethodOptions;
import retort.gendd.methods.Methods;

/// The table of distillation methods for a pair of nets, or one method's options for every pair
/// that has its own, each with where it comes from.
@Command(
    name = "methods",
    description = {
      "Lists every distillation method: its paper, its options and its cost for a pair of nets.",
      "With a NAME, lists that method's options for every pair, and where each number comes from."
    })
public final class MethodList implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "One method.")
  private String name;

  @Option(
      names = "--teacher",
      defaultValue = "resnet32x4",
      paramLabel = "MODEL",
      description = "The pair's teacher (default resnet32x4).")
  private String teacher;

  @Option(
      names = "--student",
      defaultValue = "resnet8x4",
      paramLabel = "MODEL",
      description = "The pair's student (default resnet8x4).")
  private String student;

  @Spec private CommandSpec command;

  @Override
  public Integer call() {
    command.commandLine().getOut().println(name == null ? methods() : options(name));
    return 0;
  }

  private Table methods() {
    var table =
        new Table(
            "method",
            "title",
            "paper",
            "options",
            "extra parameters",
            "MACs/image",
            "extra memory");
    var pair = new Lesson.Pair(teacher, student);
    for (Methods.Method method : Methods.all()) {
      Optional<MethodCost> cost = MethodCost.of(method, pair);
      table.row(
          method.name(),
          method.title(),
          method.paper(),
          numbers(method.options(teacher, student).values()),
          cost.map(c -> String.format(Locale.ROOT, "%,d", c.parameters())).orElse("-"),
          cost.map(c -> String.format(Locale.ROOT, "%,.1f M", c.macs() / 1e6)).orElse("-"),
          cost.map(c -> String.format(Locale.ROOT, "%,.1f MiB", c.bytes() / 1048576.0))
              .orElse("-"));
    }
    return table;
  }

  private static String numbers(Map<String, MethodOptions.Value> values) {
    return values.entrySet().stream()
        .map(e -> e.getKey() + " " + number(e.getValue().value()))
        .collect(Collectors.joining(", "));
  }

  private static Table options(String name) {
    Methods.named(name);
    var table = new Table("teacher", "student", "option", "value", "source");
    for (MethodOptions.Row row : MethodOptions.table(name)) {
      table.row(
          row.teacher(),
          row.student(),
          row.option(),
          number(row.value().value()),
          row.value().source());
    }
    return table;
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }
}
