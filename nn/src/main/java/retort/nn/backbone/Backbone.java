package retort.nn.backbone;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import retort.nn.Layer;
import retort.nn.Linear;
import retort.nn.Taps;
import retort.tensor.Tensor;

/// A net that classifies images `[n, h, w, c]`: a body that ends in one feature an image, and a
/// linear classifier of that feature. Between them a distillation method finds all it may want: the
/// feature, the feature maps by stage, the logits, the classifier's weight.
public abstract class Backbone extends Layer {
  protected Backbone() {}

  /// A point where the resolution or width changes next, by the module paths that hold its map `[n,
  /// h, w, c]`: `after` the last ReLU, and `before` it (or, in nets that normalise first, raw and
  /// as the next normalisation sees it).
  public record Stage(String name, String after, String before) {}

  /// What a forward left on its way: a map a stage, and the feature.
  public record Features(List<Tensor> after, List<Tensor> before, Tensor feature) {}

  /// The feature of the last forward's images; written by each net.
  protected abstract Tensor body(Tensor x);

  public abstract List<Stage> stages();

  /// The linear map from feature to logits.
  public abstract Linear classifier();

  /// Stochastic depth for the next forward in training (Huang et al., "Deep networks with
  /// stochastic depth", arXiv 1603.09382): an image goes past the branch of a residual block with a
  /// probability that rises from 0 at the first block to `rate` at the last. Which images, depends
  /// on (seed, step) alone.
  public void dropPath(double rate, long seed, long step) {
    if (rate == 0) return;
    throw new IllegalArgumentException(
        getClass().getSimpleName()
            + " has no stochastic depth, asked for drop-path "
            + rate
            + "; nets of the ResNet family have it");
  }

  /// `[n, d]`
  public final Tensor embed(Tensor x) {
    return call(() -> body(x));
  }

  /// The logits `[n, classes]` of features `[n, d]`.
  public final Tensor classify(Tensor feature) {
    return classifier().apply(feature);
  }

  @Override
  protected final Tensor forward(Tensor x) {
    return classify(body(x));
  }

  /// [#embed] with the maps of every stage, which live to the end of the tape.
  public final Features features(Tensor x) {
    List<Stage> stages = stages();
    String[] paths =
        stages.stream()
            .flatMap(s -> Stream.of(s.after(), s.before()))
            .distinct()
            .toArray(String[]::new);
    try (Taps taps = tap(paths)) {
      Tensor feature = embed(x);
      List<Tensor> after = new ArrayList<>(), before = new ArrayList<>();
      for (Stage s : stages) {
        after.add(taps.get(s.after()));
        before.add(taps.get(s.before()));
      }
      return new Features(List.copyOf(after), List.copyOf(before), feature);
    }
  }

  /// d, the width of the feature.
  public final int featureWidth() {
    return classifier().in();
  }

  public final int classes() {
    return classifier().out();
  }

  /// A named place without parameters, for taps.
  static Layer point() {
    return Layer.of(x -> x);
  }
}
