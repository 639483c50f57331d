package retort.nn.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import retort.nn.io.Sha256;

/// Images of one size, in memory: pixels as bytes [n, height, width, channels], a label each, and
/// the statistics that they are normalised with.
///
/// Subsets keep the normalisation of the set they come from, so that a model sees validation and
/// test images as it saw the training images.
public record Dataset(
    String name,
    int height,
    int width,
    int channels,
    byte[] pixels,
    int[] labels,
    List<String> classes,
    Normalisation normalisation)
    implements ImageSource {

  public Dataset {
    classes = List.copyOf(classes);
    if (pixels.length != (long) labels.length * height * width * channels) {
      throw new IllegalArgumentException(
          name
              + ": "
              + labels.length
              + " images of "
              + height
              + "x"
              + width
              + "x"
              + channels
              + " don't fill "
              + pixels.length
              + " bytes");
    }
    if (normalisation.channels() != channels) {
      throw new IllegalArgumentException(
          name
              + ": normalisation for "
              + normalisation.channels()
              + " channels, images of "
              + channels);
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new IllegalArgumentException(
            name
                + ": image "
                + i
                + " has label "
                + labels[i]
                + ", but there are "
                + classes.size()
                + " classes");
      }
    }
  }

  /// A set cut in two.
  public record Split(Dataset train, Dataset heldOut) {}

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public Image image(int index) {
    int bytes = height * width * channels;
    return new Image(
        height, width, channels, Arrays.copyOfRange(pixels, index * bytes, (index + 1) * bytes));
  }

  /// The images of these indices, in this order.
  public Dataset subset(int... indices) {
    int bytes = height * width * channels;
    byte[] kept = new byte[Math.multiplyExact(indices.length, bytes)];
    int[] keptLabels = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(pixels, indices[i] * bytes, kept, i * bytes, bytes);
      keptLabels[i] = labels[indices[i]];
    }
    return new Dataset(name, height, width, channels, kept, keptLabels, classes, normalisation);
  }

  /// The same images, normalised otherwise: for weights that were trained elsewhere.
  public Dataset normalisedBy(Normalisation other) {
    return new Dataset(name, height, width, channels, pixels, labels, classes, other);
  }

  /// The number of images of each class.
  public int[] counts() {
    return Choice.counts(labels, classes.size());
  }

  /// Holds out the same share of every class (rounded to whole images), chosen by `seed` alone;
  /// both parts keep the order of this set.
  public Split holdOut(double share, long seed) {
    int[][] parts = Choice.heldOut(labels, classes.size(), share, seed);
    return new Split(subset(parts[0]), subset(parts[1]));
  }

  /// The first images of each class, `count` of each: small sets for trials.
  public Dataset perClass(int count) {
    return subset(Choice.first(labels, classes.size(), count));
  }

  /// A long-tailed dataset made smaller with its tail: the first images of each class, `count` of
  /// the largest and as large a share of the others, but one at least of each that has any.
  public Dataset thinned(int count) {
    return subset(Choice.thinned(labels, classes.size(), count));
  }

  /// The long-tailed subset of "Learning Imbalanced Datasets with Label-Distribution-Aware Margin
  /// Loss" (arXiv 1906.07413): class i of C keeps int(n * (1/imbalance)^(i/(C-1))) images, n being
  /// the largest class. Which ones is chosen by `seed`.
  public Dataset longTailed(double imbalance, long seed) {
    return subset(Choice.longTailed(labels, classes.size(), imbalance, seed));
  }

  /// The SHA-256 of extents, labels and pixels: what a record of a run names its data by.
  public String sha256() {
    ByteBuffer head = ByteBuffer.allocate(16 + 4 * labels.length);
    head.putInt(labels.length).putInt(height).putInt(width).putInt(channels);
    for (int label : labels) {
      head.putInt(label);
    }
    MessageDigest digest = Sha256.digest();
    digest.update(head.array());
    digest.update(pixels);
    return Sha256.hex(digest);
  }
}
