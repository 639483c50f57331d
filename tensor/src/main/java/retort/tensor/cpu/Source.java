package retort.tensor.cpu;

import retort.tensor.Span;

/// A dense run of numbers that a loop reads a block at a time: lying in memory, stretched from
/// fewer ([Stretch]) or computed on the way ([Slopes]). For one thread at a time.
abstract class Source implements AutoCloseable {
  /// What [#reach] found: the numbers' array, and where in it they begin.
  float[] array;

  int place;

  /// Makes numbers i to i + n - 1 ready, n at most [Into#BLOCK].
  abstract void reach(int i, int n);

  @Override
  public void close() {}

  /// Numbers lying in memory.
  static Source of(Span s) {
    return new Source() {
      @Override
      void reach(int i, int n) {
        array = (float[]) s.array();
        place = s.at() + i;
      }
    };
  }
}
