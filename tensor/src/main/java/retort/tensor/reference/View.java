package retort.tensor.reference;

import retort.tensor.Slot;
import retort.tensor.Span;

/// A span of doubles with plain get and put.
record View(double[] a, int at, boolean adds) {
  static View of(Span s) {
    return s == null ? null : new View((double[]) s.array(), s.at(), false);
  }

  static View of(Slot s) {
    return s == null ? null : new View((double[]) s.span().array(), s.span().at(), s.adds());
  }

  double get(int i) {
    return a[at + i];
  }

  void set(int i, double v) {
    a[at + i] = v;
  }

  void add(int i, double v) {
    a[at + i] += v;
  }

  /// Writes or adds, as the slot says.
  void land(int i, double v) {
    a[at + i] = adds ? a[at + i] + v : v;
  }

  /// Makes a slot of n numbers ready to be summed into.
  View ready(int n) {
    if (!adds) java.util.Arrays.fill(a, at, at + n, 0);
    return this;
  }
}
