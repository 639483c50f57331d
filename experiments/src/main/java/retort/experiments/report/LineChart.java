package retort.experiments.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

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
    var svg = new Svg(WIDTH, HEIGHT);
    double bottom = HEIGHT - (curves.size() > 1 ? 72 : 44);
    var frame = new Frame(svg, 56, 30, WIDTH - 16, bottom);
    Axis x = Axis.over(all(true), logX, frame.left(), frame.right());
    Axis y = Axis.over(all(false), logY, frame.bottom(), frame.top());
    frame.grid(x, y, xName, yName);
    int series = 0;
    for (var curve : curves.entrySet())
      draw(svg, curve.getKey(), curve.getValue(), x, y, Frame.style(series++));
    if (curves.size() > 1) frame.legend(List.copyOf(curves.keySet()), HEIGHT - 12);
    return svg.done(title);
  }

  private void draw(Svg svg, String name, Curve curve, Axis x, Axis y, String style) {
    List<Double> points = new ArrayList<>();
    for (int i = 0; i < curve.x.length; i++) {
      if (!x.shows(curve.x[i]) || !y.shows(curve.y[i])) continue;
      points.add(x.place(curve.x[i]));
      points.add(y.place(curve.y[i]));
      if (curve.x.length <= MOST_DOTS) {
        String note =
            String.format(
                Locale.ROOT, "%s: %s %.4g, %s %.4g", name, xName, curve.x[i], yName, curve.y[i]);
        svg.circle(points.get(points.size() - 2), points.getLast(), 3, "dot " + style, note);
      }
    }
    svg.path(points.stream().mapToDouble(Double::doubleValue).toArray(), "curve " + style);
  }

  private DoubleStream all(boolean across) {
    return curves.values().stream().flatMapToDouble(c -> Arrays.stream(across ? c.x : c.y));
  }
}
