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

/// Wide residual nets for 32x32 images (Zagoruyko and Komodakis, arXiv 1605.07146): depth 6 n + 4,
/// blocks that normalise first, widths 16, 16 k, 32 k, 64 k.
public final class WideResNet extends Backbone {
  private final Conv2d conv1;
  private final List<Sequential> blocks = new ArrayList<>();
  private final BatchNorm bn1;
  private final Linear fc;

  public WideResNet(int depth, int widen, int channels, int classes) {
    if (depth < 10 || (depth - 4) % 6 != 0 || widen < 1) {
      throw new IllegalArgumentException(
          "wrn: wants a depth of 6 n + 4 and a widening of at least 1, got %d and %d"
              .formatted(depth, widen));
    }
    conv1 = child("conv1", KAIMING.conv3x3(channels, 16, 1));
    int in = 16;
    for (int s = 0; s < 3; s++) {
      Sequential block = new Sequential();
      int out = (16 << s) * widen;
      for (int i = 0; i < (depth - 4) / 6; i++) {
        block.add(new Block(in, out, s > 0 && i == 0 ? 2 : 1));
        in = out;
      }
      blocks.add(child("block" + (s + 1), block));
    }
    bn1 = child("bn1", new BatchNorm(in));
    fc = child("fc", new Linear(in, classes).init(Init.torch(), Init.zeros()));
  }

  @Override
  protected Tensor body(Tensor x) {
    x = conv1.apply(x);
    for (Sequential block : blocks) x = block.apply(x);
    return bn1.relu(x).globalAvgPool();
  }

  @Override
  public List<Stage> stages() {
    return List.of(
        new Stage("stem", "conv1", "conv1"),
        new Stage("block1", "block1", "block2.0.bn1"),
        new Stage("block2", "block2", "block3.0.bn1"),
        new Stage("block3", "block3", "bn1"));
  }

  @Override
  public Linear classifier() {
    return fc;
  }

  private static final class Block extends Layer {
    private final BatchNorm bn1, bn2;
    private final Conv2d conv1, conv2;
    private final Conv2d convShortcut;

    Block(int in, int out, int stride) {
      bn1 = child("bn1", new BatchNorm(in));
      conv1 = child("conv1", KAIMING.conv3x3(in, out, stride));
      bn2 = child("bn2", new BatchNorm(out));
      conv2 = child("conv2", KAIMING.conv3x3(out, out, 1));
      convShortcut = in == out ? null : child("convShortcut", KAIMING.conv1x1(in, out, stride));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor active = bn1.relu(x);
      Tensor y = conv2.apply(bn2.relu(conv1.apply(active)));
      return y.add(convShortcut == null ? x : convShortcut.apply(active));
    }
  }
}
