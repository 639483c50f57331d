package retort.nn.backbone;

import static retort.nn.backbone.Convolutions.KAIMING;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Layer;
import retort.nn.Linear;
import retort.nn.Sequential;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Residual nets (He et al., "Deep residual learning for image recognition", arXiv 1512.03385):
/// those for 32x32 images (section 4.2), with projections or the parameter-free shortcuts of the
/// paper's option A, and those for ImageNet; ResNeXt (Xie et al., arXiv 1611.05431) is the latter
/// with grouped convolutions in its bottlenecks.
public final class ResNet extends Backbone {
  /// How the input reaches the end of a block that changes its shape.
  public enum Shortcut {
    /// A 1x1 convolution with normalisation.
    PROJECTION,
    /// Option A: every second pixel, and zeros for the channels that are new, on both sides.
    ZERO_PAD
  }

  private final Conv2d conv1;
  private final BatchNorm bn1;
  private final Layer stem = child("stem", point());
  private final boolean poolsEarly;
  private final List<Sequential> layers = new ArrayList<>();
  private final List<Stage> stages = new ArrayList<>();
  private final Linear fc;

  private ResNet(
      Conv2d conv1, int width, boolean poolsEarly, List<List<Block>> blocks, int classes) {
    this.conv1 = child("conv1", conv1);
    bn1 = child("bn1", new BatchNorm(width));
    this.poolsEarly = poolsEarly;
    stages.add(new Stage("stem", "stem", "stem"));
    for (List<Block> stage : blocks) {
      String name = "layer" + (layers.size() + 1);
      layers.add(child(name, new Sequential(stage.toArray(Block[]::new))));
      int last = stage.size() - 1;
      stages.add(new Stage(name, name, name + "." + last + "." + stage.get(last).lastNorm()));
    }
    fc = child("fc", new Linear(blocks.getLast().getLast().out(), classes));
  }

  /// Depth 6 n + 2 for 32x32 images: a 3x3 stem and three stages of n basic blocks.
  public static ResNet cifar(
      int depth, int[] widths, Shortcut shortcut, int channels, int classes) {
    if (depth < 8 || (depth - 2) % 6 != 0 || widths.length != 4) {
      throw new IllegalArgumentException(
          "resnet: wants a depth of 6 n + 2 and four widths, got depth %d and %d widths"
              .formatted(depth, widths.length));
    }
    int n = (depth - 2) / 6;
    BlockMaker maker = (in, width, stride) -> new BasicBlock(in, width, stride, shortcut);
    int[] later = Arrays.copyOfRange(widths, 1, 4);
    List<List<Block>> blocks = stages(widths[0], later, new int[] {n, n, n}, 1, maker);
    return new ResNet(KAIMING.conv3x3(channels, widths[0], 1), widths[0], false, blocks, classes);
  }

  /// For ImageNet, of basic blocks: ResNet-18 is 2, 2, 2, 2.
  public static ResNet basic(int[] depths, int channels, int classes) {
    return imageNet(
        depths,
        1,
        channels,
        classes,
        (in, width, stride) -> new BasicBlock(in, width, stride, Shortcut.PROJECTION));
  }

  /// For ImageNet, of bottlenecks: ResNet-50 is 3, 4, 6, 3 with 1 group of 64; ResNeXt-101 32x4d is
  /// 3, 4, 23, 3 with 32 groups of 4.
  public static ResNet bottleneck(
      int[] depths, int groups, int groupWidth, int channels, int classes) {
    return imageNet(
        depths,
        4,
        channels,
        classes,
        (in, width, stride) -> new Bottleneck(in, width, stride, groups, groupWidth));
  }

  @FunctionalInterface
  private interface BlockMaker {
    Block make(int in, int width, int stride);
  }

  private static ResNet imageNet(
      int[] depths, int expansion, int channels, int classes, BlockMaker maker) {
    int[] widths = new int[depths.length];
    Arrays.setAll(widths, stage -> 64 << stage);
    List<List<Block>> blocks = stages(64, widths, depths, expansion, maker);
    return new ResNet(KAIMING.conv(channels, 64, 7, 2, 3, 1), 64, true, blocks, classes);
  }

  /// Every stage but the first begins with a stride of 2.
  private static List<List<Block>> stages(
      int in, int[] widths, int[] depths, int expansion, BlockMaker maker) {
    List<List<Block>> stages = new ArrayList<>();
    for (int s = 0; s < widths.length; s++) {
      List<Block> blocks = new ArrayList<>();
      for (int i = 0; i < depths[s]; i++) {
        blocks.add(maker.make(in, widths[s], s > 0 && i == 0 ? 2 : 1));
        in = widths[s] * expansion;
      }
      stages.add(blocks);
    }
    return stages;
  }

  @Override
  protected Tensor body(Tensor x) {
    x = stem.apply(bn1.relu(conv1.apply(x)));
    if (poolsEarly) x = x.maxPool2d(3, 2, 1);
    for (Sequential layer : layers) x = layer.apply(x);
    return x.globalAvgPool();
  }

  @Override
  public void dropPath(double rate, long seed, long step) {
    List<Block> blocks = blocks();
    double last = Math.max(1, blocks.size() - 1);
    for (int i = 0; i < blocks.size(); i++) {
      blocks.get(i).skip(rate * i / last, Philox.of(seed, "drop path " + i, step));
    }
  }

  private List<Block> blocks() {
    return modules().values().stream()
        .filter(Block.class::isInstance)
        .map(Block.class::cast)
        .toList();
  }

  @Override
  public List<Stage> stages() {
    return List.copyOf(stages);
  }

  @Override
  public Linear classifier() {
    return fc;
  }

  /// A residual block: relu(branch(x) + shortcut(x)).
  private abstract static sealed class Block extends Layer {
    private final Layer downsample;
    private double skipped;
    private Philox draws;

    Block(int in, int out, int stride, Shortcut shortcut) {
      if (stride == 1 && in == out) downsample = null;
      else if (shortcut == Shortcut.ZERO_PAD) downsample = Layer.of(x -> zeroPad(x, out, stride));
      else {
        downsample =
            child(
                "downsample", new Convolutions.Normalised(KAIMING.conv1x1(in, out, stride), false));
      }
    }

    private static Tensor zeroPad(Tensor x, int out, int stride) {
      int more = out - x.shape().last();
      Tensor seen = stride == 1 ? x : x.slice(1, 0, stride).slice(2, 0, stride);
      return seen.pad(3, more / 2, more - more / 2);
    }

    private Tensor shortcut(Tensor x) {
      return downsample == null ? x : downsample.apply(x);
    }

    /// In training, images go past the branch with this probability.
    final void skip(double probability, Philox decides) {
      skipped = probability;
      draws = decides;
    }

    /// relu(last(branch) + shortcut(x)); the branches that are kept make up for those that aren't.
    final Tensor join(BatchNorm last, Tensor branch, Tensor x) {
      if (!isTraining() || skipped == 0) return last.relu(branch, shortcut(x));
      Tensor all = Tape.current().fill(Shape.of(x.shape().at(0), 1, 1, 1), 1);
      return last.relu(branch, all.dropout(skipped, draws), shortcut(x));
    }

    abstract int out();

    /// The name of the normalisation before the last ReLU.
    abstract String lastNorm();
  }

  private static final class BasicBlock extends Block {
    private final Conv2d conv1, conv2;
    private final BatchNorm bn1, bn2;

    BasicBlock(int in, int out, int stride, Shortcut shortcut) {
      super(in, out, stride, shortcut);
      conv1 = child("conv1", KAIMING.conv3x3(in, out, stride));
      bn1 = child("bn1", new BatchNorm(out));
      conv2 = child("conv2", KAIMING.conv3x3(out, out, 1));
      bn2 = child("bn2", new BatchNorm(out));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = bn1.relu(conv1.apply(x));
      return join(bn2, conv2.apply(y), x);
    }

    @Override
    int out() {
      return conv2.out();
    }

    @Override
    String lastNorm() {
      return "bn2";
    }
  }

  /// 1x1, 3x3 (with the stride, as torchvision has it), 1x1.
  private static final class Bottleneck extends Block {
    private final Conv2d conv1, conv2, conv3;
    private final BatchNorm bn1, bn2, bn3;

    Bottleneck(int in, int width, int stride, int groups, int groupWidth) {
      super(in, 4 * width, stride, Shortcut.PROJECTION);
      int inner = width * groupWidth / 64 * groups;
      conv1 = child("conv1", KAIMING.conv1x1(in, inner, 1));
      bn1 = child("bn1", new BatchNorm(inner));
      conv2 = child("conv2", KAIMING.conv(inner, inner, 3, stride, 1, groups));
      bn2 = child("bn2", new BatchNorm(inner));
      conv3 = child("conv3", KAIMING.conv1x1(inner, 4 * width, 1));
      bn3 = child("bn3", new BatchNorm(4 * width));
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = bn1.relu(conv1.apply(x));
      y = bn2.relu(conv2.apply(y));
      return join(bn3, conv3.apply(y), x);
    }

    @Override
    int out() {
      return conv3.out();
    }

    @Override
    String lastNorm() {
      return "bn3";
    }
  }
}
