package retort.tensor.cpu;

/// The results of the parts of a product that is cut along its sum, side by side; added up in the
/// order of the parts, so that the bits don't depend on who was done first.
record PartialSums(int cuts, int rows, int columns, float[] sums) {
  /// Numbers worth handing to another thread.
  private static final int GRAIN = 1 << 16;

  static PartialSums take(int cuts, int rows, int columns) {
    return new PartialSums(cuts, rows, columns, Scratch.take(cuts * rows * columns));
  }

  /// Where the `[rows, columns]` of a part begin.
  int at(int part) {
    return Scratch.ALIGN + part * rows * columns;
  }

  /// Lands the total, and gives the memory back.
  void land(Workers team, Landing c) {
    int parts = Math.clamp((long) cuts * rows * columns / GRAIN, 1, rows);
    team.run(
        parts,
        part -> {
          int end = rows * (part + 1) / parts;
          for (int i = rows * part / parts; i < end; i++) landRow(i, c);
        });
    Scratch.give(sums);
  }

  private void landRow(int i, Landing landing) {
    int to = landing.place(i);
    float[] c = landing.c();
    for (int s = 0; s < cuts; s++) {
      int from = at(s) + i * columns;
      if (s == 0 && !landing.adds()) System.arraycopy(sums, from, c, to, columns);
      else for (int j = 0; j < columns; j++) c[to + j] += sums[from + j];
    }
  }
}
