package retort.experiments.report;

import java.util.List;

/// The frame of a plot: faint lines at round values, their labels, the names of the axes, the
/// legend.
record Frame(Svg svg, double left, double top, double right, double bottom) {
  private static final int MARKS_ACROSS = 6;
  private static final int MARKS_UP = 5;

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

  /// A row of swatches under the plot.
  ///
  /// @param y where the row stands
  void legend(List<String> series, double y) {
    double x = left;
    for (int i = 0; i < series.size(); i++) {
      svg.circle(x + 5, y - 4, 5, "dot " + style(i), "");
      svg.text(x + 16, y, "start", "label", series.get(i));
      x += 34 + 7.2 * series.get(i).length();
    }
  }

  /// The style of the i-th series; ten, then they begin again.
  static String style(int series) {
    return "s" + series % 10;
  }
}
