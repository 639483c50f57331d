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

/// ShuffleNetV2 1x (Ma et al., arXiv 1807.11164) as distillation papers run it on 32x32 images: a
/// 1x1 stem that keeps the resolution, three stages that halve it, and a 1x1 convolution to 1024.
public final class ShuffleNetV2 extends Backbone {
  private static final int STEM = 24, LAST = 1024;
  private static final int[] WIDTHS = {116, 232, 464}, DEPTHS = {3, 7, 3};
  private final Conv2d conv1, conv2;
  private final BatchNorm bn1, bn2;
  private final Layer stem = child("stem", point());
  private final List<Sequential> layers = new ArrayList<>();
  private final Linear linear;

  public ShuffleNetV2(int channels, int classes) {
    conv1 = child("conv1", TORCH.conv1x1(channels, STEM, 1));
    bn1 = child("bn1", new BatchNorm(STEM));
    int in = STEM;
    for (int s = 0; s < WIDTHS.length; s++) {
      Sequential layer = new Sequential(new Down(in, WIDTHS[s]));
      for (int i = 0; i < DEPTHS[s]; i++) layer.add(new Basic(WIDTHS[s]));
      layers.add(child("layer" + (s + 1), layer));
      in = WIDTHS[s];
    }
    conv2 = child("conv2", TORCH.conv1x1(in, LAST, 1));
    bn2 = child("bn2", new BatchNorm(LAST));
    linear = child("linear", new Linear(LAST, classes));
  }

  @Override
  protected Tensor body(Tensor x) {
    x = stem.apply(bn1.relu(conv1.apply(x)));
    for (Sequential layer : layers) x = layer.apply(x);
    return bn2.relu(conv2.apply(x)).globalAvgPool();
  }

  @Override
  public List<Stage> stages() {
    List<Stage> stages = new ArrayList<>(List.of(new Stage("stem", "stem", "stem")));
    for (int s = 0; s < DEPTHS.length; s++) {
      String path = "layer" + (s + 1);
      stages.add(new Stage(path, path, path + "." + DEPTHS[s] + ".preact"));
    }
    return List.copyOf(stages);
  }

  @Override
  public Linear classifier() {
    return linear;
  }

  /// Half of the channels pass, the other half go through 1x1, depthwise 3x3, 1x1.
  private static final class Basic extends Layer {
    private final Conv2d conv1, conv2, conv3;
    private final BatchNorm bn1, bn2, bn3;
    private final Layer preact = child("preact", point());
    private final int half;

    Basic(int width) {
      half = width / 2;
      conv1 = child("conv1", TORCH.conv1x1(half, half, 1));
      bn1 = child("bn1", new BatchNorm(half));
      conv2 = child("conv2", TORCH.depthwise3x3(half, 1));
      bn2 = child("bn2", new BatchNorm(half));
      conv3 = child("conv3", TORCH.conv1x1(half, half, 1));
      bn3 = child("bn3", new BatchNorm(half));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor pass = x.narrow(3, 0, half), work = x.narrow(3, half, half);
      Tensor y = bn1.relu(conv1.apply(work));
      y = conv3.apply(bn2.apply(conv2.apply(y)));
      if (!preact.isTapped()) return shuffle(TensorOps.concat(3, pass, bn3.relu(y)), 2);
      // The passing half is rectified already, so the ReLU may come after the shuffle.
      return preact.apply(shuffle(TensorOps.concat(3, pass, bn3.apply(y)), 2)).relu();
    }
  }

  /// Both halves of the new channels see the whole input at half its resolution.
  private static final class Down extends Layer {
    private final Conv2d conv1, conv2, conv3, conv4, conv5;
    private final BatchNorm bn1, bn2, bn3, bn4, bn5;

    Down(int in, int out) {
      int mid = out / 2;
      conv1 = child("conv1", TORCH.depthwise3x3(in, 2));
      bn1 = child("bn1", new BatchNorm(in));
      conv2 = child("conv2", TORCH.conv1x1(in, mid, 1));
      bn2 = child("bn2", new BatchNorm(mid));
      conv3 = child("conv3", TORCH.conv1x1(in, mid, 1));
      bn3 = child("bn3", new BatchNorm(mid));
      conv4 = child("conv4", TORCH.depthwise3x3(mid, 2));
      bn4 = child("bn4", new BatchNorm(mid));
      conv5 = child("conv5", TORCH.conv1x1(mid, mid, 1));
      bn5 = child("bn5", new BatchNorm(mid));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor left = bn2.relu(conv2.apply(bn1.apply(conv1.apply(x))));
      Tensor right = bn4.apply(conv4.apply(bn3.relu(conv3.apply(x))));
      return shuffle(TensorOps.concat(3, left, bn5.relu(conv5.apply(right))), 2);
    }
  }
}
