package retort.nn.backbone;

import static retort.nn.backbone.Convolutions.KAIMING;

import java.util.ArrayList;
import java.util.List;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Init;
import retort.nn.Layer;
import retort.nn.Linear;
import retort.nn.Sequential;
import retort.tensor.Tensor;

/// MobileNetV2 (Sandler et al., arXiv 1801.04381) as distillation papers run it on 32x32 images:
/// the stem and three stages halve the image, ReLU stands for ReLU6 (after RepDistiller,
/// github.com/HobbitLong/RepDistiller).
public final class MobileNetV2 extends Backbone {
  /// Width, repeats and stride of each stage; the first expands by 1, the others by `expansion`.
  private static final int[][] SETTING = {
    {16, 1, 1}, {24, 2, 1}, {32, 3, 2}, {64, 4, 2}, {96, 3, 1}, {160, 3, 2}, {320, 1, 1}
  };

  private static final int LAST = 1280; // narrower nets keep it

  private final Layer conv1;
  private final List<Sequential> blocks = new ArrayList<>();
  private final Layer conv2;
  private final Linear classifier;

  /// @param width what every width but the last is multiplied by
  public MobileNetV2(double width, int expansion, int channels, int classes) {
    int in = (int) (32 * width);
    conv1 = child("conv1", new Convolutions.Normalised(KAIMING.conv3x3(channels, in, 2), true));
    Sequential all = child("blocks", new Sequential());
    for (int[] s : SETTING) {
      Sequential stage = new Sequential();
      int out = (int) (s[0] * width);
      for (int i = 0; i < s[1]; i++) {
        stage.add(
            new InvertedResidual(in, out, i == 0 ? s[2] : 1, blocks.isEmpty() ? 1 : expansion));
        in = out;
      }
      blocks.add(stage);
      all.add(stage);
    }
    conv2 = child("conv2", new Convolutions.Normalised(KAIMING.conv1x1(in, LAST, 1), true));
    classifier = child("classifier", new Linear(LAST, classes));
    classifier.init(Init.normal(.01), Init.zeros());
  }

  @Override
  protected Tensor body(Tensor x) {
    x = conv1.apply(x);
    for (Sequential stage : blocks) x = stage.apply(x);
    return conv2.apply(x).globalAvgPool();
  }

  /// Blocks end without a ReLU, so the maps before and after it are the same.
  @Override
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>();
    for (String path : List.of("conv1", "blocks.1", "blocks.2", "blocks.4", "blocks.6")) {
      stages.add(new Stage(path, path, path));
    }
    return List.copyOf(stages);
  }

  @Override
  public Linear classifier() {
    return classifier;
  }

  /// Widen by 1x1, filter by depthwise 3x3, narrow by 1x1 without a ReLU.
  private static final class InvertedResidual extends Layer {
    private final Conv2d expand, filter, project;
    private final BatchNorm bn1, bn2, bn3;
    private final boolean residual;

    InvertedResidual(int in, int out, int stride, int expansion) {
      int hidden = in * expansion;
      expand = child("conv1", KAIMING.conv1x1(in, hidden, 1));
      bn1 = child("bn1", new BatchNorm(hidden));
      filter = child("conv2", KAIMING.depthwise3x3(hidden, stride));
      bn2 = child("bn2", new BatchNorm(hidden));
      project = child("conv3", KAIMING.conv1x1(hidden, out, 1));
      bn3 = child("bn3", new BatchNorm(out));
      residual = stride == 1 && in == out;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = bn1.relu(expand.apply(x));
      y = project.apply(bn2.relu(filter.apply(y)));
      return residual ? bn3.add(y, x) : bn3.apply(y);
    }
  }
}
