package retort.experiments.bench;

import java.util.List;
import retort.tensor.Shape;

/// One thing that is measured, as data: ours and every peer are given the same one, and must come
/// to the same results before any of them is timed.
public sealed interface Work permits KernelWork, StepWork {
  /// What a row of the table is called; unique in the [Catalogue].
  String name();

  Family family();

  /// Floating-point operations, bytes or images (rows, tokens) of one run, in the unit of the
  /// family.
  double amount();

  /// The shapes of the arrays that ours and the peers begin with.
  List<Shape> inputs();
}
