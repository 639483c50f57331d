package retort.tensor.cpu;

import retort.tensor.Slot;
import retort.tensor.Span;

/// A span of floats with plain get and put.
record View(float[] a, int at, boolean adds) {
  static View of(Span s) {
    return s == null ? null : new View((float[]) s.array(), s.at(), false);
  }

  static View of(Slot s) {
    return s == null ? null : new View((float[]) s.span().array(), s.span().at(), s.adds());
  }

  double get(int i) {
    return a[at + i];
  }

  void set(int i, double v) {
    a[at + i] = (float) v;
  }

  void add(int i, double v) {
    a[at + i] = (float) (a[at + i] + v);
  }

  /// Writes or adds, as the slot says.
  void land(int i, double v) {
    a[at + i] = (float) (adds ? a[at + i] + v : v);
  }

  /// Makes a slot of n numbers ready to be summed into.
  View ready(int n) {
    if (!adds) java.util.Arrays.fill(a, at, at + n, 0);
    return this;
  }
}
