package retort.experiments.ablate;

import java.util.List;
import retort.nn.Linear;
import retort.nn.backbone.Backbone;
import retort.tensor.Tensor;

/// A body that stands still, seen through its cached features: an "image" is a row of numbers, and
/// its feature is a part of that row. Every method that reads features trains on it as it would on
/// images, without ever running the body again.
final class Slice extends Backbone {
  private final int from;
  private final Linear classifier;

  Slice(int from, int width, int classes) {
    this.from = from;
    classifier = child("fc", new Linear(width, classes));
  }

  @Override
  protected Tensor body(Tensor x) {
    int n = x.shape().at(0);
    return x.reshape(n, -1).narrow(1, from, classifier.in());
  }

  @Override
  public List<Stage> stages() {
    return List.of();
  }

  @Override
  public Linear classifier() {
    return classifier;
  }
}
