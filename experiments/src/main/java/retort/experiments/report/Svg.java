package retort.experiments.report;

import java.util.Locale;

/// SVG as text. Colours come from the page's style sheet by class (`s0` to `s9` for series), so
/// that a drawing follows the reader's light or dark theme.
final class Svg {
  private final StringBuilder text = new StringBuilder();
  private final int width;
  private final int height;

  Svg(int width, int height) {
    this.width = width;
    this.height = height;
  }

  Svg line(double x1, double y1, double x2, double y2, String style) {
    return add(
        "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        style, x1, y1, x2, y2);
  }

  /// @param points x and y in turn, each pair joined to the one before
  Svg path(double[] points, String style) {
    var d = new StringBuilder();
    for (int i = 0; i < points.length; i += 2) {
      d.append(
          String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : "L", points[i], points[i + 1]));
    }
    return add("<path class=\"%s\" d=\"%s\"/>", style, d);
  }

  /// A circle; the note shows when the pointer rests on it (none where empty).
  Svg circle(double x, double y, double radius, String style, String note) {
    String inside = note.isEmpty() ? "/>" : "><title>" + escape(note) + "</title></circle>";
    return add(
        "<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"%s", style, x, y, radius, inside);
  }

  Svg bar(double x, double y, double w, double h, String style, String note) {
    return add(
        "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
            + " rx=\"2\"><title>%s</title></rect>",
        style, x, y, w, h, escape(note));
  }

  /// An empty square for a small plot.
  Svg box(double x, double y, double w, double h) {
    return add(
        "<rect class=\"box\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"4\"/>",
        x, y, w, h);
  }

  /// @param anchor `start`, `middle` or `end`
  Svg text(double x, double y, String anchor, String style, String words) {
    return add(
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        style, x, y, anchor, escape(words));
  }

  private Svg add(String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    return this;
  }

  /// @param name what a screen reader says
  String done(String name) {
    return String.format(
        Locale.ROOT,
        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" role=\"img\" aria-label=\"%s\">\n%s</svg>\n",
        width,
        height,
        width,
        escape(name),
        text);
  }

  static String escape(String words) {
    return words
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
