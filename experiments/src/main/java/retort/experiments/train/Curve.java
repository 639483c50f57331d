package retort.experiments.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import retort.experiments.run.Json;
import retort.experiments.run.Outcome.Epoch;

/// The course of a training, epoch by epoch. It travels in the checkpoint, the sums of the epoch in
/// hand included, so a resumed training tells the same story.
public final class Curve {
  /// The sum of all losses, beside the losses by name.
  static final String TOTAL = "loss";

  /// The serialised form.
  record Saved(List<Epoch> epochs, Map<String, Double> sums, int steps, double seconds) {}

  private final List<Epoch> epochs = new ArrayList<>();
  private final Map<String, Double> sums = new LinkedHashMap<>();
  private int steps;
  private double seconds;

  void step(Map<String, Double> losses) {
    losses.forEach((name, loss) -> sums.merge(name, loss, Double::sum));
    steps++;
  }

  /// Time spent on the epoch in hand, waiting for its batches included.
  void took(double time) {
    seconds += time;
  }

  Epoch end(int epoch, double validation) {
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum / steps));
    Epoch done = new Epoch(epoch, means, validation, seconds);
    epochs.add(done);
    sums.clear();
    steps = 0;
    seconds = 0;
    return done;
  }

  public List<Epoch> epochs() {
    return List.copyOf(epochs);
  }

  /// The index of the epoch with the best validation, the first of equals; -1 before any.
  public int best() {
    int best = -1;
    for (int e = 0; e < epochs.size(); e++) {
      if (best < 0 || epochs.get(e).validation() > epochs.get(best).validation()) best = e;
    }
    return best;
  }

  /// Seconds of training in all, validation left out.
  public double totalSeconds() {
    return epochs.stream().mapToDouble(Epoch::seconds).sum();
  }

  String save() {
    return Json.line(new Saved(epochs, sums, steps, seconds));
  }

  static Curve restore(String text) {
    Saved saved = Json.parse(text, Saved.class);
    Curve curve = new Curve();
    curve.epochs.addAll(saved.epochs);
    curve.sums.putAll(saved.sums);
    curve.steps = saved.steps;
    curve.seconds = saved.seconds;
    return curve;
  }
}
