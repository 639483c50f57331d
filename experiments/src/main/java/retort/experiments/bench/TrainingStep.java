package retort.experiments.bench;

import java.util.LinkedHashMap;
import java.util.SequencedMap;
import retort.nn.backbone.Backbones;
import retort.tensor.Shape;

/// One training step of an image classifier: forward, cross-entropy, backward, and an update by SGD
/// with momentum and weight decay. The images stay the same; image i has label i modulo the number
/// of classes. Its result is the losses of the first steps, which tells a wrong update too.
public record TrainingStep(Family family, String net, int size, int batch) implements StepWork {
  /// Small: the loss should neither vanish nor blow up while the clock runs. At ten times this rate
  /// rounding is amplified so much that PyTorch in its two layouts disagrees with itself by parts
  /// in a hundred after two steps of MobileNet.
  public static final double RATE = 1e-3;

  public static final double MOMENTUM = 0.9;
  public static final double DECAY = 5e-4;

  /// How many steps' losses are compared.
  public static final int COMPARED = 3;

  public static final String IMAGES = "images";

  @Override
  public String name() {
    return net + " training step " + size + "x" + size + " b" + batch;
  }

  @Override
  public double amount() {
    return batch;
  }

  public int classes() {
    return Backbones.named(net).classes();
  }

  public int[] labels() {
    int[] labels = new int[batch];
    for (int i = 0; i < batch; i++) labels[i] = i % classes();
    return labels;
  }

  public Shape images() {
    return Shape.of(batch, size, size, 3);
  }

  @Override
  public SequencedMap<String, Shape> named() {
    var all = new LinkedHashMap<>(Backbones.named(net).make().parameterShapes());
    all.put(IMAGES, images());
    return all;
  }
}
