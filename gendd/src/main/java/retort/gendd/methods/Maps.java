package retort.gendd.methods;

import java.util.Arrays;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Square feature maps `[n, h, h, c]` brought to other sizes.
final class Maps {
  private Maps() {}

  /// Averages over windows from floor(i h / size) to ceil((i + 1) h / size), PyTorch's adaptive
  /// average pooling.
  static Tensor pool(Tensor x, int size) {
    int h = x.shape().at(1);
    if (h == size) return x;
    if (h % size == 0) return x.avgPool2d(h / size, h / size, 0);
    Tensor rows = averages(h, size);
    int n = x.shape().at(0), c = x.shape().at(3);
    Tensor high = along(rows, x.reshape(n, h, h * c)).reshape(n * size, h, c);
    return along(rows, high).reshape(n, size, size, c);
  }

  /// w `[size, h]` times each of x `[m, h, c]`.
  private static Tensor along(Tensor w, Tensor x) {
    int m = x.shape().at(0), size = w.shape().at(0), h = w.shape().at(1);
    return w.reshape(1, size, h).expand(m, size, h).matmul(x);
  }

  private static Tensor averages(int h, int size) {
    float[] w = new float[size * h];
    for (int i = 0; i < size; i++) {
      int from = i * h / size, to = ((i + 1) * h + size - 1) / size;
      Arrays.fill(w, i * h + from, i * h + to, 1f / (to - from));
    }
    return Tape.current().input(Shape.of(size, h), w);
  }

  /// Repeats pixels: nearest-neighbour interpolation by a whole factor.
  static Tensor enlarge(Tensor x, int size) {
    int n = x.shape().at(0), h = x.shape().at(1), c = x.shape().at(3), factor = size / h;
    if (factor == 1 && size == h) return x;
    if (factor * h != size) {
      throw ShapeException.of(
          "enlarge", "wants a whole factor between the sizes, " + h + " and " + size, x.shape());
    }
    return x.reshape(n, h, 1, h, 1, c).expand(n, h, factor, h, factor, c).reshape(n, size, size, c);
  }

  /// Rows `[n, d]` divided by their Euclidean length, which counts as at least 1e-12.
  static Tensor unit(Tensor x) {
    Tensor length = x.square().sum(-1).clamp(1e-24, Double.POSITIVE_INFINITY).sqrt();
    return x.div(length.reshape(-1, 1));
  }
}
