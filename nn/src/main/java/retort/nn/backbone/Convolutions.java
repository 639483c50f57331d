package retort.nn.backbone;

import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Init;
import retort.nn.Layer;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// The convolutions that backbones are made of: no bias, since a normalisation follows.
record Convolutions(Init init) {
  /// Of the residual nets, VGG and MobileNetV2.
  static final Convolutions KAIMING = new Convolutions(Init.kaimingNormalFanOut());

  /// Of the nets whose published code leaves PyTorch's start as it is.
  static final Convolutions TORCH = new Convolutions(Init.torch());

  Conv2d conv3x3(int in, int out, int stride) {
    return conv(in, out, 3, stride, 1, 1);
  }

  Conv2d conv1x1(int in, int out, int stride) {
    return conv(in, out, 1, stride, 0, 1);
  }

  Conv2d depthwise3x3(int channels, int stride) {
    return conv(channels, channels, 3, stride, 1, channels);
  }

  Conv2d conv(int in, int out, int k, int stride, int pad, int groups) {
    return new Conv2d(in, out, k, stride, pad, groups).noBias().init(init);
  }

  /// Deals the channels of x `[n, h, w, c]` round: channel j of group i comes to place j groups +
  /// i, so that the next grouped convolution sees all groups.
  static Tensor shuffle(Tensor x, int groups) {
    if (groups == 1) return x;
    Shape s = x.shape();
    return x.reshape(s.at(0), s.at(1), s.at(2), groups, s.at(3) / groups)
        .permute(0, 1, 2, 4, 3)
        .reshape(s);
  }

  /// A convolution and its normalisation, named `0` and `1`, and a ReLU where asked for.
  static final class Normalised extends Layer {
    private final Conv2d conv;
    private final BatchNorm bn;
    private final boolean relu;

    Normalised(Conv2d conv, boolean relu) {
      this.conv = child("0", conv);
      bn = child("1", new BatchNorm(conv.out()));
      this.relu = relu;
    }

    @Override
    protected Tensor forward(Tensor x) {
      Tensor y = conv.apply(x);
      return relu ? bn.relu(y) : bn.apply(y);
    }
  }
}
