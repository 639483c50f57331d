package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Shape;
import retort.tensor.Span;

/// The work of one verb of [Kernels], or of the few that an operation calls together. Images are
/// `[n, h, w, c]` and weights `[f, kh, kw, c]` in every array that changes hands; how a peer lays
/// them out is its own affair.
public sealed interface KernelWork extends Work
    permits MatrixProduct,
        ConvolutionPass,
        Elementwise,
        Addition,
        BatchNormalisation,
        LayerNormalisation,
        Modulation,
        SoftmaxRows,
        PoolingPass,
        ColumnMeans,
        OptimiserUpdate {
  /// What is read; filled with random numbers.
  @Override
  List<Shape> inputs();

  List<Shape> outputs();

  /// Replaces inputs that follow from others, such as statistics; runs once, before the clock. The
  /// outputs may serve as scratch.
  default void derive(Kernels k, Span[] in, Span[] out) {}

  void run(Kernels k, Span[] in, Span[] out);

  /// Where the results are: the outputs, unless the work is done in place.
  default Span[] results(Span[] in, Span[] out) {
    return out;
  }

  /// Every input read once and every output written once, as `float`s.
  default double bytes() {
    long numbers = 0;
    for (Shape s : inputs()) numbers += s.size();
    for (Shape s : outputs()) numbers += s.size();
    return 4.0 * numbers;
  }
}
