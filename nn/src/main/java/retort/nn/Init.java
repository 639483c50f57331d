package retort.nn;

import java.util.Arrays;
import java.util.function.ToDoubleBiFunction;
import retort.tensor.Philox;
import retort.tensor.Shape;

/// How a parameter begins. The draws are keyed by the run's seed and the parameter's path, so
/// adding a layer to a net changes no other layer's start.
///
/// Weights are `[out, in]` or `[out, kh, kw, in / groups]`: a unit's fan-in is what one output
/// reads, its fan-out what one input reaches (of a grouped convolution PyTorch counts all outputs,
/// and so does this).
@FunctionalInterface
public interface Init {
  double[] values(Shape shape, Philox draws);

  static Init constant(double value) {
    return (shape, draws) -> {
      double[] v = new double[shape.size()];
      Arrays.fill(v, value);
      return v;
    };
  }

  static Init zeros() {
    return constant(0);
  }

  static Init ones() {
    return constant(1);
  }

  /// Normal of mean 0.
  static Init normal(double std) {
    return (shape, draws) -> fill(shape, draws, (w, i) -> std * normal(w, i));
  }

  /// Uniform on (-bound, bound).
  static Init uniform(double bound) {
    return (shape, draws) -> fill(shape, draws, (w, i) -> bound * (2 * Philox.unit(w[i]) - 1));
  }

  /// Normal of variance 2 / fan-out: keeps the gradient's scale through ReLUs (He et al., "Delving
  /// deep into rectifiers", arXiv 1502.01852, section 2.2).
  static Init kaimingNormalFanOut() {
    return (shape, draws) -> normal(Math.sqrt(2.0 / fanOut(shape))).values(shape, draws);
  }

  /// Normal of variance 2 / fan-in: keeps the activations' scale through ReLUs (arXiv 1502.01852).
  static Init kaimingNormalFanIn() {
    return (shape, draws) -> normal(Math.sqrt(2.0 / fanIn(shape))).values(shape, draws);
  }

  /// Uniform of variance 2 / fan-in (arXiv 1502.01852).
  static Init kaimingUniform() {
    return (shape, draws) -> uniform(Math.sqrt(6.0 / fanIn(shape))).values(shape, draws);
  }

  /// Uniform of variance 2 / (fan-in + fan-out) (Glorot and Bengio, "Understanding the difficulty
  /// of training deep feedforward neural networks", AISTATS 2010).
  static Init xavierUniform() {
    return (shape, draws) ->
        uniform(Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape)))).values(shape, draws);
  }

  /// What PyTorch's linear and convolution layers begin with: uniform on +-1 / sqrt(fan-in).
  static Init torch() {
    return (shape, draws) -> uniform(1 / Math.sqrt(fanIn(shape))).values(shape, draws);
  }

  private static double fanIn(Shape weight) {
    return weight.span(1, weight.rank());
  }

  private static double fanOut(Shape weight) {
    return (double) weight.at(0) * weight.span(1, weight.rank() - 1);
  }

  private static double normal(int[] words, int i) {
    int pair = i & 2;
    return i % 2 == 0
        ? Philox.normalCos(words[pair], words[pair + 1])
        : Philox.normalSin(words[pair], words[pair + 1]);
  }

  /// The same numbers as drawing each by its index, four words at a time.
  private static double[] fill(Shape shape, Philox draws, ToDoubleBiFunction<int[], Integer> draw) {
    double[] v = new double[shape.size()];
    int[] words = new int[4];
    for (int i = 0; i < v.length; i++) {
      if (i % 4 == 0) draws.block(i / 4, words);
      v[i] = draw.applyAsDouble(words, i % 4);
    }
    return v;
  }
}
