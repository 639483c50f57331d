package retort.experiments.bench;

/// One thing that is measured, as data: ours and every peer are given the same one, and must come
/// to the same results before any of them is timed.
public sealed interface Work permits KernelWork {
  /// What a row of the table is called; unique in the [Catalogue].
  String name();

  Family family();

  /// Floating-point operations, bytes or images of one run, in the unit of the family.
  double amount();
}
