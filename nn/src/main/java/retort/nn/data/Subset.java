package retort.nn.data;

import java.io.IOException;
import java.util.List;

/// Some of a source's images, in the order of the indices.
public record Subset(ImageSource source, int[] indices) implements ImageSource {
  public Subset {
    indices = indices.clone();
  }

  /// A source cut in two.
  public record Split(Subset kept, Subset heldOut) {}

  /// The first images of each class, `count` of each; of images without a label as many as of
  /// `classes` together.
  public static Subset perClass(ImageSource source, int count, int classes) {
    return new Subset(source, Choice.first(labels(source), classes, count));
  }

  /// A source of long tails made smaller, as [Dataset#thinned] does.
  public static Subset thinned(ImageSource source, int count) {
    return new Subset(source, Choice.thinned(labels(source), source.classes().size(), count));
  }

  /// Holds out the same share of every class, as [Dataset#holdOut] does.
  public static Split holdOut(ImageSource source, double share, long seed) {
    int[][] parts = Choice.heldOut(labels(source), source.classes().size(), share, seed);
    return new Split(new Subset(source, parts[0]), new Subset(source, parts[1]));
  }

  /// The long-tailed part of a source, as [Dataset#longTailed] takes it.
  public static Subset longTailed(ImageSource source, double imbalance, long seed) {
    return new Subset(
        source, Choice.longTailed(labels(source), source.classes().size(), imbalance, seed));
  }

  /// The label of every image of a source.
  public static int[] labels(ImageSource source) {
    int[] labels = new int[source.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = source.label(i);
    }
    return labels;
  }

  /// The number of images of each class of a source.
  public static int[] counts(ImageSource source) {
    return Choice.counts(labels(source), source.classes().size());
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public int label(int index) {
    return source.label(indices[index]);
  }

  @Override
  public List<String> classes() {
    return source.classes();
  }

  @Override
  public Image image(int index) throws IOException {
    return source.image(indices[index]);
  }
}
