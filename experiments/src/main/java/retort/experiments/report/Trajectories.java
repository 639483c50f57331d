package retort.experiments.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// How sampled features move from noise to their classes: a panel for each chosen step of the
/// sampling, with all samples as dots coloured by class, seen in the principal plane of the real
/// features. The last panel has the classes' names at their middles, and the paths by which the
/// samples came.
public final class Trajectories {
  private static final int PANEL = 228;
  private static final int GAP = 14;
  private static final int HEAD = 26;
  private static final int COLUMNS = 3;

  /// Room for half the width of a panel's border.
  private static final int EDGE = 1;

  /// More paths than this a class hide each other.
  private static final int PATHS_PER_CLASS = 4;

  /// The share of the dots that a panel shows at least: early steps have far outliers.
  private static final double SHOWN = 0.98;

  private final PrincipalPlane plane;
  private final List<String> classNames;

  public Trajectories(PrincipalPlane plane, List<String> classNames) {
    this.plane = plane;
    this.classNames = List.copyOf(classNames);
  }

  /// @param states `[step][sample][d]`, from noise to the finished sample
  /// @param steps what to write above each step: "noise", "16 of 64", ...
  /// @param classes the class of each sample
  public String svg(double[][][] states, List<String> steps, int[] classes) {
    if (states.length != steps.size()) {
      throw new IllegalArgumentException(
          states.length + " steps, " + steps.size() + " names for them");
    }
    double[][][] places =
        Arrays.stream(states)
            .map(step -> Arrays.stream(step).map(plane::project).toArray(double[][]::new))
            .toArray(double[][][]::new);
    int rows = (steps.size() + COLUMNS - 1) / COLUMNS;
    int columns = Math.min(COLUMNS, steps.size());
    int width = columns * (PANEL + GAP) - GAP + 2 * EDGE;
    int bottom = rows * (PANEL + HEAD + GAP) - GAP;
    int legendRows = Frame.legendRows(classNames, width);
    var svg = new Svg(width, bottom + 16 + Frame.LEGEND_ROW * legendRows);
    double reach = reach(places);
    for (int step = 0; step < places.length; step++) {
      double left = EDGE + step % COLUMNS * (PANEL + GAP);
      double top = step / COLUMNS * (PANEL + HEAD + GAP) + HEAD;
      Axis x = Axis.between(-reach, reach, left, left + PANEL);
      Axis y = Axis.between(-reach, reach, top + PANEL, top);
      svg.text(left, top - 9, "start", "name", steps.get(step));
      svg.box(left, top, PANEL, PANEL);
      if (step == places.length - 1) paths(svg, places, classes, x, y, reach);
      for (int i = 0; i < places[step].length; i++) {
        double[] p = places[step][i];
        if (inside(p, reach))
          svg.circle(
              x.place(p[0]),
              y.place(p[1]),
              2.6,
              "dot " + Frame.style(classes[i]),
              classNames.get(classes[i]));
      }
    }
    Frame.legend(svg, classNames, EDGE, bottom + 30, width);
    return svg.done("Sampled features from noise to classes");
  }

  /// Half the side of the square that shows the finished samples and most of the noise.
  private static double reach(double[][][] places) {
    double[] sizes =
        Arrays.stream(places)
            .flatMap(Arrays::stream)
            .mapToDouble(p -> Math.max(Math.abs(p[0]), Math.abs(p[1])))
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    return sizes.length == 0 ? 1 : 1.08 * Math.max(1e-9, sizes[(int) (SHOWN * (sizes.length - 1))]);
  }

  private static boolean inside(double[] p, double reach) {
    return Math.abs(p[0]) <= reach && Math.abs(p[1]) <= reach;
  }

  private void paths(Svg svg, double[][][] places, int[] classes, Axis x, Axis y, double reach) {
    int[] drawn = new int[classNames.size()];
    for (int i = 0; i < classes.length; i++) {
      int sample = i;
      boolean shown =
          IntStream.range(0, places.length).allMatch(step -> inside(places[step][sample], reach));
      if (!shown || drawn[classes[i]]++ >= PATHS_PER_CLASS) continue;
      double[] path = new double[2 * places.length];
      for (int step = 0; step < places.length; step++) {
        path[2 * step] = x.place(places[step][i][0]);
        path[2 * step + 1] = y.place(places[step][i][1]);
      }
      svg.path(path, "trail " + Frame.style(classes[i]));
    }
  }

  /// A sentence to stand under the picture.
  public String caption() {
    return String.format(
        Locale.ROOT,
        "The plane is that of the two first principal components of the teacher's features, and"
            + " shows %.0f %% of their variance.",
        100 * plane.explained());
  }
}
