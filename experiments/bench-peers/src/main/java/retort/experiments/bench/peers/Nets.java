package retort.experiments.bench.peers;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// The classifiers as torchvision and the CIFAR repositories write them: eager, ReLUs and residual
/// adds in place.
final class Nets {
  private static final long[] ONES = {1, 1};

  private final Weights weights;

  Nets(Weights weights) {
    this.weights = weights;
  }

  /// The logits of images.
  Tensor classify(String net, Tensor x) {
    return switch (net) {
      case "resnet20", "resnet8x4" -> resNet(x, 1, 1, false);
      case "resnet18" -> resNet(x, 2, 3, true);
      case "wrn_16_2" -> wideResNet(x);
      case "mobilenetv1" -> mobileNet(x);
      default -> throw new IllegalArgumentException("no PyTorch net is known for " + net);
    };
  }

  private Tensor conv(Tensor x, String path, int stride, int pad, long groups) {
    long[] s = {stride, stride}, p = {pad, pad};
    return torch.conv2d(
        x, weights.get(path + ".weight"), weights.maybe(path + ".bias"), s, p, ONES, groups);
  }

  private Tensor norm(Tensor x, String path) {
    if (!weights.has(path + ".mean")) {
      long channels = weights.get(path + ".weight").numel();
      weights.put(path + ".mean", torch.zeros(channels).retainReference());
      weights.put(path + ".var", torch.ones(channels).retainReference());
    }
    return torch.batch_norm(
        x,
        weights.maybe(path + ".weight"),
        weights.maybe(path + ".bias"),
        weights.maybe(path + ".mean"),
        weights.maybe(path + ".var"),
        true,
        0.1,
        1e-5,
        false);
  }

  private Tensor head(Tensor x, String path) {
    Tensor feature = torch.adaptive_avg_pool2d(x, ONES).flatten(1, -1);
    return torch.linear(feature, weights.get(path + ".weight"), weights.maybe(path + ".bias"));
  }

  private Tensor resNet(Tensor x, int stride, int pad, boolean poolsEarly) {
    x = norm(conv(x, "conv1", stride, pad, 1), "bn1").relu_();
    if (poolsEarly) {
      x = torch.max_pool2d(x, new long[] {3, 3}, new long[] {2, 2}, ONES, ONES, false);
    }
    for (int layer = 1; weights.has("layer" + layer + ".0.conv1.weight"); layer++) {
      for (int i = 0; weights.has("layer" + layer + "." + i + ".conv1.weight"); i++) {
        x = basicBlock(x, "layer" + layer + "." + i, layer > 1 && i == 0 ? 2 : 1);
      }
    }
    return head(x, "fc");
  }

  private Tensor basicBlock(Tensor x, String path, int stride) {
    Tensor y = norm(conv(x, path + ".conv1", stride, 1, 1), path + ".bn1").relu_();
    y = norm(conv(y, path + ".conv2", 1, 1, 1), path + ".bn2");
    String down = path + ".downsample";
    Tensor shortcut =
        weights.has(down + ".0.weight") ? norm(conv(x, down + ".0", stride, 0, 1), down + ".1") : x;
    return y.add_(shortcut).relu_();
  }

  private Tensor wideResNet(Tensor x) {
    x = conv(x, "conv1", 1, 1, 1);
    for (int block = 1; block <= 3; block++) {
      for (int i = 0; weights.has("block" + block + "." + i + ".conv1.weight"); i++) {
        x = wideBlock(x, "block" + block + "." + i, block > 1 && i == 0 ? 2 : 1);
      }
    }
    return head(norm(x, "bn1").relu_(), "fc");
  }

  private Tensor wideBlock(Tensor x, String path, int stride) {
    Tensor active = norm(x, path + ".bn1").relu_();
    Tensor y = norm(conv(active, path + ".conv1", stride, 1, 1), path + ".bn2").relu_();
    y = conv(y, path + ".conv2", 1, 1, 1);
    boolean projects = weights.has(path + ".convShortcut.weight");
    return y.add_(projects ? conv(active, path + ".convShortcut", stride, 0, 1) : x);
  }

  private Tensor mobileNet(Tensor x) {
    x = norm(conv(x, "model.0.0", 2, 1, 1), "model.0.1").relu_();
    for (int i = 1; weights.has("model." + i + ".0.weight"); i++) {
      String path = "model." + i;
      long channels = weights.get(path + ".0.weight").size(0);
      // The resolution halves where the width has just grown, but for the first block.
      int stride = i == 2 || i == 4 || i == 6 || i == 12 ? 2 : 1;
      x = norm(conv(x, path + ".0", stride, 1, channels), path + ".1").relu_();
      x = norm(conv(x, path + ".3", 1, 0, 1), path + ".4").relu_();
    }
    return head(x, "fc");
  }
}
