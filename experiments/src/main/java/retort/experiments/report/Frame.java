package retort.experiments.report;

import java.util.List;

/// The frame of a plot: faint lines at round values, their labels, the names of the axes, the
/// legend.
record Frame(Svg svg, double left, double top, double right, double bottom) {
  private static final int MARKS_ACROSS = 6;
  private static final int MARKS_UP = 5;

  static final int LEGEND_ROW = 22;

  /// About the width of a letter: SVG can't be asked before it is drawn.
  static final double LETTER = 7;

  void grid(Axis x, Axis y, String xName, String yName) {
    for (double mark : y.marks(MARKS_UP)) {
      svg.line(left, y.place(mark), right, y.place(mark), "grid");
      svg.text(left - 8, y.place(mark) + 4, "end", "tick", y.label(mark, MARKS_UP));
    }
    for (double mark : x.marks(MARKS_ACROSS)) {
      svg.text(x.place(mark), bottom + 18, "middle", "tick", x.label(mark, MARKS_ACROSS));
    }
    svg.line(left, bottom, right, bottom, "axis");
    names(xName, yName);
  }

  void names(String xName, String yName) {
    svg.text(right, bottom + 36, "end", "name", xName);
    svg.text(left, top - 12, "start", "name", yName);
  }

  /// Swatches with the names of the series, in as many rows as they need.
  static void legend(Svg svg, List<String> series, double left, double y, double width) {
    double x = left;
    for (int i = 0; i < series.size(); i++) {
      double wide = swatch(series.get(i));
      if (x > left && x + wide > left + width) {
        x = left;
        y += LEGEND_ROW;
      }
      svg.circle(x + 5, y - 4, 5, "dot " + style(i), "");
      svg.text(x + 16, y, "start", "label", series.get(i));
      x += wide;
    }
  }

  static int legendRows(List<String> series, double width) {
    int rows = 1;
    double x = 0;
    for (String name : series) {
      if (x > 0 && x + swatch(name) > width) {
        x = 0;
        rows++;
      }
      x += swatch(name);
    }
    return rows;
  }

  private static double swatch(String name) {
    return 36 + LETTER * name.length();
  }

  /// The style of the i-th series; ten colours, then they come again with broken lines.
  static String style(int series) {
    return "s" + series % 10 + (series < 10 ? "" : " again");
  }
}
