package retort.experiments.recipe;

import java.util.ArrayList;
import java.util.List;
import retort.experiments.recipe.Node.Mapping;
import retort.experiments.recipe.Node.Scalar;
import retort.experiments.recipe.Node.Sequence;

/// Prints final values as YAML that can be read again, with their origins in an aligned comment.
final class Resolved {
  private record Line(String text, String origin) {}

  private final List<Line> lines = new ArrayList<>();

  private Resolved() {}

  static String print(Mapping mapping) {
    var resolved = new Resolved();
    resolved.mapping(mapping, "");
    int width =
        resolved.lines.stream()
            .filter(l -> !l.origin.isEmpty())
            .mapToInt(l -> l.text.length())
            .max()
            .orElse(0);
    var out = new StringBuilder();
    for (Line line : resolved.lines) {
      out.append(line.text);
      if (!line.origin.isEmpty())
        out.repeat(' ', width - line.text.length()).append("  # ").append(line.origin);
      out.append('\n');
    }
    return out.toString();
  }

  private void mapping(Mapping mapping, String indent) {
    mapping.entries().forEach((key, node) -> entry(indent + key + ":", node, indent + "  "));
  }

  private void entry(String head, Node node, String indent) {
    switch (node) {
      case Scalar scalar ->
          lines.add(new Line(head + " " + quoted(scalar.text()), scalar.origin().toString()));
      case Mapping mapping when mapping.entries().isEmpty() ->
          lines.add(new Line(head + " {}", mapping.origin().toString()));
      case Mapping mapping -> {
        lines.add(new Line(head, ""));
        mapping(mapping, indent);
      }
      case Sequence sequence -> {
        lines.add(
            new Line(
                head + (sequence.items().isEmpty() ? " []" : ""),
                sequence.items().isEmpty() ? sequence.origin().toString() : ""));
        for (Node item : sequence.items()) {
          if (item instanceof Scalar) {
            entry(indent + "-", item, indent + "  ");
          } else {
            lines.add(new Line(indent + "-", ""));
            nested(item, indent + "  ");
          }
        }
      }
    }
  }

  private void nested(Node item, String indent) {
    if (item instanceof Mapping mapping) {
      mapping(mapping, indent);
    } else if (item instanceof Sequence sequence) {
      for (Node inner : sequence.items()) entry(indent + "-", inner, indent + "  ");
    }
  }

  private static String quoted(String text) {
    return text.matches("[\\w./+-][\\w ./+-]*") && !text.isBlank() && !text.startsWith("- ")
        ? text
        : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
