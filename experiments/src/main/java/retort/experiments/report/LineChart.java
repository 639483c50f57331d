package retort.experiments.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// Curves over a common axis, such as the loss of each method by epoch. Values that are no numbers
/// are left out of a curve.
public final class LineChart {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 360;

  /// With more points than this a curve is a line alone, without dots to point at.
  private static final int MOST_DOTS = 60;

  private record Curve(double[] x, double[] y) {}

  private final String title;
  private final String xName;
  private final String yName;
  private final Map<String, Curve> curves = new LinkedHashMap<>();
  private boolean logX;
  private boolean logY;

  public LineChart(String title, String xName, String yName) {
    this.title = title;
    this.xName = xName;
    this.yName = yName;
  }

  public LineChart logX() {
    logX = true;
    return this;
  }

  public LineChart logY() {
    logY = true;
    return this;
  }

  public LineChart curve(String name, double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "curve '" + name + "': " + x.length + " x values, " + y.length + " y values");
    }
    curves.put(name, new Curve(x.clone(), y.clone()));
    return this;
  }

  public String svg() {
    List<String> names = List.copyOf(curves.keySet());
    int legend = curves.size() > 1 ? Frame.LEGEND_ROW * Frame.legendRows(names, WIDTH - 72) + 6 : 0;
    var svg = new Svg(WIDTH, HEIGHT + legend);
    double bottom = HEIGHT - 44;
    var frame = new Frame(svg, 56, 30, WIDTH - 16, bottom);
    Axis x = Axis.over(all(true), logX, frame.left(), frame.right());
    Axis y = Axis.over(all(false), logY, frame.bottom(), frame.top());
    frame.grid(x, y, xName, yName);
    int series = 0;
    for (var curve : curves.entrySet())
      draw(svg, curve.getKey(), curve.getValue(), x, y, Frame.style(series++));
    if (legend > 0) Frame.legend(svg, names, frame.left(), HEIGHT + 14, WIDTH - 72);
    return svg.done(title);
  }

  private void draw(Svg svg, String name, Curve curve, Axis x, Axis y, String style) {
    int[] shown =
        IntStream.range(0, curve.x.length)
            .filter(i -> x.shows(curve.x[i]) && y.shows(curve.y[i]))
            .toArray();
    double[] points = new double[2 * shown.length];
    for (int i = 0; i < shown.length; i++) {
      points[2 * i] = x.place(curve.x[shown[i]]);
      points[2 * i + 1] = y.place(curve.y[shown[i]]);
    }
    svg.path(points, "curve " + style);
    if (shown.length > MOST_DOTS) return;
    for (int i = 0; i < shown.length; i++) {
      String note =
          name
              + ": "
              + xName
              + " "
              + number(curve.x[shown[i]])
              + ", "
              + yName
              + " "
              + number(curve.y[shown[i]]);
      svg.circle(points[2 * i], points[2 * i + 1], 3, "dot " + style, note);
    }
  }

  /// Four digits, without zeros at the end.
  private static String number(double value) {
    return new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros().toPlainString();
  }

  private DoubleStream all(boolean across) {
    return curves.values().stream().flatMapToDouble(c -> Arrays.stream(across ? c.x : c.y));
  }
}
