package retort.nn.backbone;

import static retort.nn.backbone.Convolutions.TORCH;
import static retort.nn.backbone.Convolutions.shuffle;

import java.util.ArrayList;
import java.util.List;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Layer;
import retort.nn.Linear;
import retort.nn.Sequential;
import retort.tensor.Tensor;
import retort.tensor.TensorOps;

/// ShuffleNet (Zhang et al., arXiv 1707.01083) with three groups, as distillation papers run it on
/// 32x32 images: a 1x1 stem that keeps the resolution, then three stages that halve it.
public final class ShuffleNetV1 extends Backbone {
  private static final int STEM = 24, GROUPS = 3;
  private static final int[] WIDTHS = {240, 480, 960}, DEPTHS = {4, 8, 4};

  private final Conv2d conv1;
  private final BatchNorm bn1;
  private final Layer stem = child("stem", point());
  private final List<Sequential> layers = new ArrayList<>();
  private final Linear linear;

  public ShuffleNetV1(int channels, int classes) {
    conv1 = child("conv1", TORCH.conv1x1(channels, STEM, 1));
    bn1 = child("bn1", new BatchNorm(STEM));
    int in = STEM;
    for (int s = 0; s < WIDTHS.length; s++) {
      Sequential layer = new Sequential();
      for (int i = 0; i < DEPTHS[s]; i++) {
        layer.add(new Bottleneck(in, WIDTHS[s], i == 0));
        in = WIDTHS[s];
      }
      layers.add(child("layer" + (s + 1), layer));
    }
    linear = child("linear", new Linear(in, classes));
  }

  @Override
  protected Tensor body(Tensor x) {
    x = stem.apply(bn1.relu(conv1.apply(x)));
    for (Sequential layer : layers) x = layer.apply(x);
    return x.globalAvgPool();
  }

  @Override
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>(List.of(new Stage("stem", "stem", "stem")));
    for (int s = 0; s < DEPTHS.length; s++) {
      String path = "layer" + (s + 1);
      stages.add(new Stage(path, path, path + "." + (DEPTHS[s] - 1) + ".bn3"));
    }
    return List.copyOf(stages);
  }

  @Override
  public Linear classifier() {
    return linear;
  }

  /// Grouped 1x1, shuffle, depthwise 3x3, grouped 1x1. A block that halves the image puts its
  /// averaged input beside the result instead of adding it.
  private static final class Bottleneck extends Layer {
    private final Conv2d conv1, conv2, conv3;
    private final BatchNorm bn1, bn2, bn3;
    private final int groups;
    private final boolean halves;

    Bottleneck(int in, int out, boolean halves) {
      this.halves = halves;
      groups = in == STEM ? 1 : GROUPS; // the stem's few channels stay in one group
      int branch = halves ? out - in : out, mid = branch / 4;
      conv1 = child("conv1", TORCH.conv(in, mid, 1, 1, 0, groups));
      bn1 = child("bn1", new BatchNorm(mid));
      conv2 = child("conv2", TORCH.depthwise3x3(mid, halves ? 2 : 1));
      bn2 = child("bn2", new BatchNorm(mid));
      conv3 = child("conv3", TORCH.conv(mid, branch, 1, 1, 0, GROUPS));
      bn3 = child("bn3", new BatchNorm(branch));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = shuffle(bn1.relu(conv1.apply(x)), groups);
      y = conv3.apply(bn2.relu(conv2.apply(y)));
      if (!halves) return bn3.relu(y, x);
      return TensorOps.concat(3, bn3.apply(y), x.avgPool2d(3, 2, 1)).relu();
    }
  }
}
