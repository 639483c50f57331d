package retort.tensor;

import retort.tensor.op.*;

/// The closed set of operations: one record an operation, in one file of `retort.tensor.op`,
/// holding its shape rule, its forward and its gradient, written only in device verbs ([Kernels]).
/// [CustomOp] is the one open door, with the same methods.
///
/// Ops check, kernels don't: [#shape] is where wrong shapes are refused.
public sealed interface Op
    permits Attention,
        AvgPool,
        BatchNorm,
        BinaryOp,
        Concat,
        Conv2d,
        ConvTranspose2d,
        CrossEntropy,
        CustomOp,
        Dropout,
        Expand,
        GatedAdd,
        Gather,
        LayerNorm,
        Linear,
        Matmul,
        MaxPool,
        Modulate,
        Moments,
        Narrow,
        Pad,
        Permute,
        Reduce,
        Softmax,
        UnaryOp {

  /// The name that messages call it by.
  default String name() {
    String simple = getClass().getSimpleName();
    return simple.isEmpty() ? "op" : Character.toLowerCase(simple.charAt(0)) + simple.substring(1);
  }

  /// The shape of the result, or a [ShapeException] that names the rule.
  Shape shape(Shape... in);

  void forward(Forward f);

  void backward(Back b);

  /// Whether backward reads this input; the tape lets go of what nobody reads.
  default boolean savesInput(int input) {
    return true;
  }

  /// Whether backward reads the result.
  default boolean savesOutput() {
    return false;
  }

  /// The sizes of side results that forward writes for backward, such as a row's mean.
  default int[] keeps(Shape... in) {
    return new int[0];
  }
}
