package retort.experiments.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// Named bars that lie, each with its value in words and, where it has one, its interval as a
/// whisker.
public final class BarChart {
  private static final int WIDTH = 720;
  private static final int ROW = 34;
  private static final int TOP = 10;

  private record Bar(String name, double value, double low, double high, String words) {}

  private final String title;
  private final String valueName;
  private final List<Bar> bars = new ArrayList<>();
  private double from = Double.NaN;

  public BarChart(String title, String valueName) {
    this.title = title;
    this.valueName = valueName;
  }

  /// Begins the axis at a value other than zero, for bars that differ only at their ends. The axis
  /// shows it, and the bars are then drawn as points, whose length says nothing.
  public BarChart from(double value) {
    from = value;
    return this;
  }

  public BarChart bar(String name, double value, String words) {
    return bar(name, value, value, value, words);
  }

  public BarChart bar(String name, double value, double low, double high, String words) {
    bars.add(new Bar(name, value, low, high, words));
    return this;
  }

  public String svg() {
    int height = TOP + ROW * bars.size() + 44;
    var svg = new Svg(WIDTH, height);
    double names = bars.stream().mapToInt(b -> b.name.length()).max().orElse(0) * Frame.LETTER + 16;
    double words =
        bars.stream().mapToInt(b -> b.words.length()).max().orElse(0) * Frame.LETTER + 16;
    var frame = new Frame(svg, names, TOP, WIDTH - words, TOP + ROW * bars.size());
    boolean points = !Double.isNaN(from);
    double high =
        bars.stream().flatMapToDouble(b -> DoubleStream.of(b.value, b.high)).max().orElse(1);
    Axis x = Axis.between(points ? from : 0, high, frame.left(), frame.right());
    for (double mark : x.marks(5)) {
      svg.line(x.place(mark), frame.top(), x.place(mark), frame.bottom(), "grid");
      svg.text(x.place(mark), frame.bottom() + 18, "middle", "tick", x.label(mark, 5));
    }
    svg.text(frame.right(), frame.bottom() + 36, "end", "name", valueName);
    for (int i = 0; i < bars.size(); i++)
      draw(svg, frame, x, bars.get(i), frame.top() + ROW * (i + 0.5), points);
    return svg.done(title);
  }

  private void draw(Svg svg, Frame frame, Axis x, Bar bar, double y, boolean point) {
    String note = bar.name + ": " + bar.words;
    double end = x.place(bar.value);
    svg.text(frame.left() - 10, y + 4, "end", "label", bar.name);
    if (point) {
      svg.line(x.place(bar.low), y, x.place(bar.high), y, "interval s8");
      svg.circle(end, y, 6, "dot s8", note);
    } else {
      svg.bar(frame.left(), y - 9, end - frame.left(), 18, "fill s8", note);
      if (bar.low < bar.high) svg.line(x.place(bar.low), y, x.place(bar.high), y, "whisker");
    }
    svg.text(Math.max(end, x.place(bar.high)) + 10, y + 4, "start", "value", bar.words);
  }
}
