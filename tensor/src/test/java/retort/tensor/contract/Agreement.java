package retort.tensor.contract;

/// What each family of the contract is written in: one body, run on the judge and on the device
/// under test, whose results must agree.
public interface Agreement {
  /// Around the widths of vectors and their multiples, where tails and edges go wrong.
  int[] SIZES = {1, 3, 4, 6, 8, 13, 16, 31, 100, 1027};

  /// Enough for several parts on several threads, and not a multiple of anything.
  int LARGE = 70_001;

  /// A call of the kernels under test, written once for every device.
  interface Trial {
    void on(Side d);
  }

  /// How far a result may be off: a part of the wanted number itself, and a part of the root mean
  /// square of all wanted numbers, for results in which larger numbers cancel.
  record Tolerance(double relative, double ofScale) {}

  void agree(String what, Tolerance tolerance, Trial trial);
}
