package retort.experiments.quickstart;

import java.util.ArrayList;
import java.util.List;
import retort.experiments.report.PrincipalPlane;
import retort.experiments.report.Trajectories;
import retort.gendd.Labels;
import retort.gendd.StepDraws;
import retort.gendd.generative.GenDD;
import retort.nn.data.Batch;
import retort.nn.data.Batches;
import retort.nn.data.Dataset;
import retort.nn.data.Loader;
import retort.nn.data.Views;
import retort.tensor.Shape;
import retort.tensor.Tape;

/// The picture of the generation: how sampled features of test images move from noise to their
/// classes, in the principal plane of the features that the student was taught to generate.
///
/// @param svg the drawing
/// @param caption what to write under it
record Generation(String svg, String caption) {
  /// Panels of the picture: enough to see the movement, few enough to fit a page.
  private static final int PANELS = 6;

  /// @param images how many test images to follow, the same number of each class
  static Generation of(GenDD gendd, Dataset test, int images, long seed) {
    int classes = test.classes().size();
    Dataset some = test.perClass(Math.max(1, images / classes));
    int n = some.size(), d = gendd.teacher().featureWidth();
    List<float[]> states = new ArrayList<>();
    double[][] goals = new double[n][];
    int[] labels = new int[n];
    try (Batches batches = Loader.evaluation(Views.plain(some), n).epoch(0)) {
      Batch batch = batches.next();
      System.arraycopy(batch.labels, 0, labels, 0, n);
      gendd.evaluating(() ->
          Tape.infer(
              gendd.device(),
              tape -> {
                Shape shape = Shape.of(n, some.height(), some.width(), some.channels());
                var x = tape.inputFrom(shape, batch.images);
                float[] f = gendd.target(x, Labels.of(labels)).toFloats();
                for (int i = 0; i < n; i++) goals[i] = row(f, i, d);
                states.addAll(
                    gendd.trajectory(
                        x, gendd.options().sampling().samples(1), new StepDraws(seed, 0)));
                return null;
              }));
    }
    int last = states.size() - 1, panels = Math.min(PANELS, last + 1);
    double[][][] shown = new double[panels][n][];
    List<String> titles = new ArrayList<>();
    for (int p = 0; p < panels; p++) {
      int state = panels == 1 ? last : Math.round((float) p * last / (panels - 1));
      for (int i = 0; i < n; i++) shown[p][i] = row(states.get(state), i, d);
      titles.add(state == 0 ? "noise" : "step " + state + " of " + last);
    }
    Trajectories drawing = new Trajectories(PrincipalPlane.fit(goals), test.classes());
    return new Generation(drawing.svg(shown, titles, labels), drawing.caption());
  }

  private static double[] row(float[] rows, int i, int d) {
    double[] out = new double[d];
    for (int j = 0; j < d; j++) out[j] = rows[i * d + j];
    return out;
  }
}
