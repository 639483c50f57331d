package retort.nn.backbone;

import static retort.nn.backbone.Convolutions.TORCH;

import java.util.ArrayList;
import java.util.List;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Layer;
import retort.nn.Linear;
import retort.nn.Sequential;
import retort.tensor.Tensor;

/// MobileNet (Howard et al., arXiv 1704.04861) for ImageNet: a stem and thirteen blocks of a
/// depthwise and a 1x1 convolution, listed as `model.0` to `model.13`.
public final class MobileNetV1 extends Backbone {
  /// Output width and stride of the stem and the blocks.
  private static final int[][] SETTING = {
    {32, 2}, {64, 1}, {128, 2}, {128, 1}, {256, 2}, {256, 1}, {512, 2}, {512, 1}, {512, 1},
    {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}
  };

  private final Sequential model = child("model", new Sequential());
  private final Linear fc;

  public MobileNetV1(int channels, int classes) {
    int in = channels;
    for (int[] s : SETTING) {
      model.add(
          in == channels
              ? new Convolutions.Normalised(TORCH.conv3x3(in, s[0], s[1]), true)
              : new Separable(in, s[0], s[1]));
      in = s[0];
    }
    fc = child("fc", new Linear(in, classes));
  }

  @Override
  protected Tensor body(Tensor x) {
    return model.apply(x).globalAvgPool();
  }

  /// The last block at each resolution.
  @Override
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    for (int i : new int[] {3, 5, 11, 13}) {
      stages.add(new Stage("model." + i, "model." + i, "model." + i + ".4"));
    }
    return List.copyOf(stages);
  }

  @Override
  public Linear classifier() {
    return fc;
  }

  private static final class Separable extends Layer {
    private final Conv2d filter, mix;
    private final BatchNorm bn1, bn2;

    Separable(int in, int out, int stride) {
      filter = child("0", TORCH.depthwise3x3(in, stride));
      bn1 = child("1", new BatchNorm(in));
      mix = child("3", TORCH.conv1x1(in, out, 1));
      bn2 = child("4", new BatchNorm(out));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return bn2.relu(mix.apply(bn1.relu(filter.apply(x))));
    }
  }
}
