package retort.tensor.cpu;

/// Cuts a kernel's work into parts of a fixed size, whatever the team, so that the bits of a result
/// don't depend on how many threads there are.
final class Parts {
  /// Numbers a part. 64 KiB of each operand keep a core busy for two to ten microseconds, while
  /// handing out a part costs a tenth of one and waking the team about one: so work that fits one
  /// part stays on the calling thread, and a core's L2 holds the part between two passes over it.
  static final int SIZE = 1 << 14;

  /// A part: what lies from one place up to, and without, another.
  interface Range {
    void run(int from, int to);
  }

  private Parts() {}

  /// Over n numbers.
  static void numbers(Workers team, int n, Range range) {
    over(team, n, SIZE, range);
  }

  /// Over rows of `cols` numbers, whole rows a part.
  static void rows(Workers team, int rows, int cols, Range range) {
    over(team, rows, rowsEach(cols), range);
  }

  /// How many rows of `cols` numbers make a part.
  static int rowsEach(int cols) {
    return Math.max(1, SIZE / Math.max(1, cols));
  }

  static int count(int n, int each) {
    return (int) (((long) n + each - 1) / each);
  }

  /// Over n things, `each` of them a part.
  static void over(Workers team, int n, int each, Range range) {
    team.run(count(n, each), part -> range.run(part * each, (int) Math.min(n, (part + 1L) * each)));
  }
}
