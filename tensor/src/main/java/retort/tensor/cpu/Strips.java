package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;

/// How the left factor `[m, k]` of a product is packed: a strip of up to [GemmTiles#ROWS] rows at a
/// time, by columns, so that a tile finds the numbers of a step side by side.
record Strips(Operand a) {
  /// Numbers that a strip of so many columns holds, and what tiles write beyond its end.
  static int size(int depth) {
    return ROWS * depth + LANES;
  }

  /// Packs columns k0 to k0 + depth of h rows from i on.
  void pack(int i, int h, int k0, int depth, float[] to, int at) {
    switch (a) {
      case Operand.Matrix m ->
          turn(h, depth, m.a(), m.at() + i * m.pitch() + k0, m.pitch(), to, at, ROWS);
      case Operand.Rows rows -> {
        float[] lines = Scratch.take(h * depth);
        for (int r = 0; r < h; r++) rows.copy(i + r, k0, depth, lines, Scratch.ALIGN + r * depth);
        turn(h, depth, lines, Scratch.ALIGN, depth, to, at, ROWS);
        Scratch.give(lines);
      }
      case Operand.Transposed(Operand.Matrix m) ->
          copy(depth, ROWS, h, m.a(), m.at() + k0 * m.pitch() + i, m.pitch(), to, at, ROWS);
    }
  }

  /// `to[q step + r] = a[r pitch + q]` for rows r and columns q; what lies up to the next whole
  /// vector after the last row, or the next column, is zero.
  static void turn(
      int rows, int columns, float[] a, int from, int pitch, float[] to, int at, int step) {
    int whole = columns / LANES;
    for (int r = 0; r < rows; r += LANES) {
      Tile tile = GemmTiles.turn(Math.min(LANES, rows - r));
      tile.run(whole, a, from + r * pitch, pitch, a, 0, 0, to, at + r, step, false);
    }
    int padded = Math.min(step, Gemm.roundUp(rows, LANES));
    for (int q = whole * LANES; q < columns; q++) {
      int place = at + q * step;
      for (int r = 0; r < rows; r++) to[place + r] = a[from + r * pitch + q];
      for (int r = rows; r < padded; r++) to[place + r] = 0;
    }
  }

  /// `to[q step + j] = a[q pitch + j]` for rows q and columns j; whole vectors are copied where a
  /// goes on so far.
  static void copy(
      int rows, int wide, int columns, float[] a, int from, int pitch, float[] to, int at, int s) {
    int vectors = Gemm.ceil(wide, LANES), last = a.length - vectors * LANES;
    int whole = Math.clamp(last < from ? 0 : (last - from) / Math.max(1, pitch) + 1, 0, rows);
    GemmTiles.copy(vectors).run(whole, a, from, pitch, a, 0, 0, to, at, s, false);
    for (int q = whole; q < rows; q++) {
      System.arraycopy(a, from + q * pitch, to, at + q * s, columns);
    }
  }
}
