package retort.tensor.cpu;

/// The results of the parts of a product that is cut along its sum, side by side; added up in the
/// order of the parts, so that the bits don't depend on who was done first. Each is `[rows,
/// columns]`; or the transpose of that, where that fills vectors better.
record PartialSums(int cuts, int rows, int columns, boolean turned, float[] sums) {
  /// Numbers worth handing to another thread.
  private static final int GRAIN = 1 << 16;

  static PartialSums take(int cuts, int rows, int columns) {
    return take(cuts, rows, columns, false);
  }

  static PartialSums take(int cuts, int rows, int columns, boolean turned) {
    return new PartialSums(cuts, rows, columns, turned, Scratch.take(cuts * rows * columns));
  }

  /// Whether vectors along the rows of a matrix would be fuller than along its columns, by enough
  /// to turn it in the end.
  static boolean turns(int rows, int columns) {
    long across = (long) rows * Gemm.roundUp(columns, GemmTiles.LANES);
    return across > 1.1 * columns * Gemm.roundUp(rows, GemmTiles.LANES);
  }

  /// Where the numbers of a part begin.
  int at(int part) {
    return Scratch.ALIGN + part * rows * columns;
  }

  /// Lands the total, and gives the memory back.
  void land(Workers team, Landing c) {
    addUp(team);
    int parts = parts();
    team.run(
        parts,
        part -> {
          int end = rows * (part + 1) / parts;
          for (int i = rows * part / parts; i < end; i++) landRow(i, c);
        });
    Scratch.give(sums);
  }

  /// Makes the total, where the first part's result was.
  void addUp(Workers team) {
    int size = rows * columns, parts = parts();
    team.run(
        parts,
        part ->
            total((int) ((long) size * part / parts), (int) ((long) size * (part + 1) / parts)));
  }

  private int parts() {
    return Math.clamp((long) cuts * rows * columns / GRAIN, 1, rows);
  }

  /// Adds numbers `from` to `end` of all parts to the first.
  private void total(int from, int end) {
    for (int s = 1; s < cuts; s++) {
      int first = at(0), other = at(s);
      for (int i = from; i < end; i++) sums[first + i] += sums[other + i];
    }
  }

  private void landRow(int i, Landing landing) {
    float[] c = landing.c();
    int to = landing.place(i);
    if (turned) {
      for (int j = 0, from = at(0) + i; j < columns; j++, from += rows) {
        c[to + j] = landing.adds() ? c[to + j] + sums[from] : sums[from];
      }
    } else {
      Gemm.land(sums, at(0) + i * columns, columns, 1, columns, c, to, columns, landing.adds());
    }
  }
}
