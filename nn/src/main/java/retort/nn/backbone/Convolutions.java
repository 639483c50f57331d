package retort.nn.backbone;

import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Init;
import retort.nn.Layer;
import retort.tensor.Tensor;

/// The convolutions that backbones are made of: no bias, since a normalisation follows, and
/// Kaiming-normal weights by fan-out.
final class Convolutions {
  private Convolutions() {}

  static Conv2d conv3x3(int in, int out, int stride) {
    return conv(in, out, 3, stride, 1, 1);
  }

  static Conv2d conv1x1(int in, int out, int stride) {
    return conv(in, out, 1, stride, 0, 1);
  }

  static Conv2d depthwise3x3(int channels, int stride) {
    return conv(channels, channels, 3, stride, 1, channels);
  }

  static Conv2d conv(int in, int out, int k, int stride, int pad, int groups) {
    return new Conv2d(in, out, k, stride, pad, groups).noBias().init(Init.kaimingNormalFanOut());
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
