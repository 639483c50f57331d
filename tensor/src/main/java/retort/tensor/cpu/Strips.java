package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COPIED;
import static retort.tensor.cpu.GemmTiles.LANES;
import static retort.tensor.cpu.GemmTiles.ROWS;
import static retort.tensor.cpu.GemmTiles.STEP;

/// How rows `first` to `first + rows` of the left factor `[m, k]` of a product are packed: in
/// strips of up to [GemmTiles#ROWS], as even as can be, each by rows or by columns as the factor
/// lies, for a tile reads either way as fast, and turning a strip can take half as long as the
/// product. Short rows aren't packed at all.
record Strips(Operand a, int first, int rows) {
  /// Lines of a transposed factor that are copied at a time. A line goes on from strip to strip,
  /// while cache lines a power of two apart compete for a few places of the cache.
  private static final int BAND = 32;

  /// The most strips that are packed together: 340 KiB, which a second-level cache holds beside the
  /// panel that streams by.
  static final int MOST = 16;

  /// Rows up to this long are read in place: without copies, and with what they hold read ahead,
  /// products of 64 to 256 terms are 1.05 to 1.3 times as fast. Whole vectors only, for each length
  /// has tiles of its own.
  private static final int SHORT = 16 * LANES;

  /// Numbers that are read ahead at a time, in whole strips: 128 KiB.
  private static final int AHEAD = 1 << 15;

  /// A factor up to this size, 1 MiB, may still be in the second-level cache.
  private static final int NEAR = 1 << 18;

  /// Numbers from a strip to the next.
  static final int SIZE = ROWS * STEP + LANES;

  int count() {
    return Gemm.ceil(rows, ROWS);
  }

  /// The first row of a strip.
  int row(int strip) {
    return first + (int) ((long) rows * strip / count());
  }

  int height(int strip) {
    return row(strip + 1) - row(strip);
  }

  private boolean byColumns() {
    return a instanceof Operand.Transposed;
  }

  /// The factor, if its rows are to be read in place; null if they are to be packed.
  Operand.Matrix inPlace() {
    return a instanceof Operand.Matrix m && m.pitch() <= SHORT && m.pitch() % LANES == 0 ? m : null;
  }

  /// Numbers from a row of a strip to the next, as a tile reads it; 1 if it lies by columns.
  int rowStride() {
    Operand.Matrix near = inPlace();
    return near != null ? near.pitch() : byColumns() ? 1 : STEP;
  }

  /// Strips to be packed together. Of a factor that lies by rows one: what is read from memory a
  /// little at a time is there when asked for.
  int together() {
    return byColumns() ? MOST : 1;
  }

  /// Before strip s of a sum over `depth` columns: brings some strips from it on nearer, where that
  /// is due. They would come in tens of rows at once.
  void readAhead(int s, int depth) {
    if (!(a instanceof Operand.Matrix m) || m.pitch() != depth || rows * depth <= NEAR) return;
    int some = Math.max(1, AHEAD / (ROWS * depth));
    if (s % some != 0) return;
    int end = row(Math.min(count(), s + some));
    ReadAhead.of(m.a(), m.at() + row(s) * depth, m.at() + end * depth);
  }

  /// Packs columns k0 to k0 + depth of strip `first` and those together with it.
  void pack(int first, int k0, int depth, float[] to, int at) {
    int end = Math.min(count(), first + together()), lines = byColumns() ? BAND : depth;
    for (int q = 0; q < depth; q += lines) {
      int count = Math.min(lines, depth - q);
      for (int s = first; s < end; s++) {
        one(row(s), height(s), k0 + q, count, to, at + (s - first) * SIZE + q * ROWS);
      }
    }
  }

  private void one(int i, int h, int k0, int depth, float[] to, int at) {
    switch (a) {
      case Operand.Matrix m ->
          copy(h, depth, depth, m.a(), m.at() + i * m.pitch() + k0, m.pitch(), to, at, STEP);
      case Operand.Rows rows -> {
        for (int r = 0; r < h; r++) rows.copy(i + r, k0, depth, to, at + r * STEP);
      }
      case Operand.Transposed(Operand.Matrix m) ->
          copy(depth, ROWS, h, m.a(), m.at() + k0 * m.pitch() + i, m.pitch(), to, at, ROWS);
    }
  }

  /// `to[q step + r] = a[r pitch + q]` for rows r and columns q; what lies up to the next whole
  /// vector after the last row, or the next column, is zero.
  static void turn(
      int rows, int columns, float[] a, int from, int pitch, float[] to, int at, int step) {
    int padded = Math.min(step, Gemm.roundUp(rows, LANES));
    if (columns < LANES) {
      for (int q = 0; q < columns; q++) {
        int place = at + q * step;
        for (int r = 0; r < rows; r++) to[place + r] = a[from + r * pitch + q];
        for (int r = rows; r < padded; r++) to[place + r] = 0;
      }
      return;
    }
    int left = columns % LANES, last = columns - LANES; // the last vector overlaps another
    for (int r = 0; r < rows; r += LANES) {
      Tile tile = GemmTiles.turn(Math.min(LANES, rows - r));
      int first = from + r * pitch, place = at + r;
      tile.run(columns / LANES, a, first, pitch, a, 0, 0, to, place, step, false);
      if (left == 0) continue;
      tile.run(1, a, first + last, pitch, a, 0, 0, to, place + last * step, step, false);
    }
  }

  /// `to[q step + j] = a[q pitch + j]` for rows q and columns j; whole vectors are copied where a
  /// goes on so far.
  static void copy(
      int rows, int wide, int columns, float[] a, int from, int pitch, float[] to, int at, int s) {
    int vectors = Gemm.ceil(wide, LANES), last = a.length - vectors * LANES;
    int whole = Math.clamp(last < from ? 0 : (last - from) / Math.max(1, pitch) + 1, 0, rows);
    for (int v = 0; v < vectors; v += COPIED) {
      Tile tile = GemmTiles.copy(Math.min(COPIED, vectors - v));
      tile.run(whole, a, from + v * LANES, pitch, a, 0, 0, to, at + v * LANES, s, false);
    }
    for (int q = whole; q < rows; q++) {
      System.arraycopy(a, from + q * pitch, to, at + q * s, columns);
    }
  }
}
