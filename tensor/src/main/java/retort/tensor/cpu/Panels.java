package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;
import static retort.tensor.cpu.GemmTiles.LANES;

import java.util.Arrays;

/// How the right factor `[k, n]` of a product is packed: in panels of [GemmTiles#COLUMNS] columns
/// one after another, each `[depth, columns]` and zero beyond the factor's last column. The last
/// panel is a single vector wide where that suffices.
///
/// The rows of a panel are the factor's, in order; or, for [DirectTile], of every `taps * channels`
/// rows `[taps, channels]` in the order `[channels, taps]`.
record Panels(Operand b, int n, int taps, int channels) {
  /// Rows that are copied at a time. A row goes on from panel to panel, while the cache lines of
  /// rows a power of two apart compete for a few places of the cache, eight or twelve.
  private static final int BAND = 8;

  static Panels inOrder(Operand b, int n) {
    return new Panels(b, n, 1, 1);
  }

  int count() {
    return Gemm.ceil(n, COLUMNS);
  }

  /// Columns of a panel, in whole vectors.
  int columns(int panel) {
    return Math.min(COLUMNS, Gemm.roundUp(n - panel * COLUMNS, LANES));
  }

  /// Numbers that the panels hold.
  int size(int depth) {
    return Gemm.roundUp(n, LANES) * depth;
  }

  /// Packs rows k0 to k0 + depth, panels `first` to `end`; panel 0 would lie at `start`.
  void pack(int k0, int depth, int first, int end, float[] to, int start) {
    switch (b) {
      case Operand.Rows rows -> { // a few rows at a time, each from left to right
        for (int q = 0; q < depth; q += BAND) {
          int count = Math.min(BAND, depth - q);
          for (int p = first; p < end; p++) {
            packRows(rows, k0 + q, count, p, to, start + p * COLUMNS * depth, q);
          }
        }
      }
      case Operand.Transposed(Operand.Matrix of) -> {
        for (int p = first; p < end; p++) {
          packTurned(of, k0, depth, p, to, start + p * COLUMNS * depth);
        }
      }
    }
  }

  private void packRows(
      Operand.Rows rows, int row, int count, int p, float[] to, int start, int q0) {
    int j = p * COLUMNS, columns = columns(p), width = Math.min(columns, n - j);
    if (taps == 1 && width == columns && rows instanceof Operand.Matrix m) {
      int from = m.at() + row * m.pitch() + j, at = start + q0 * columns;
      Strips.copy(count, columns, columns, m.a(), from, m.pitch(), to, at, columns);
      return;
    }
    if (taps == 1 && width == columns && rows instanceof TurnedWeights w && w.even(row, count)) {
      int from = w.place(row) + j, at = start + q0 * columns;
      Strips.copy(count, columns, columns, w.weight(), from, w.pitch(), to, at, columns);
      return;
    }
    if (taps == 1 && width == columns && rows instanceof Patches windows) {
      windows.copy(row, count, j, columns, to, start + q0 * columns);
      return;
    }
    for (int q = 0; q < count; q++) {
      int at = start + place(q0 + q) * columns;
      rows.copy(row + q, j, width, to, at);
      if (width < columns) Arrays.fill(to, at + width, at + columns, 0);
    }
  }

  private void packTurned(Operand.Matrix m, int k0, int depth, int p, float[] to, int start) {
    int j = p * COLUMNS, columns = columns(p), width = Math.min(columns, n - j);
    int first = m.at() + j * m.pitch() + k0;
    if (taps == 1) {
      Strips.turn(width, depth, m.a(), first, m.pitch(), to, start, columns);
      return;
    }
    if (width < columns) Arrays.fill(to, start, start + depth * columns, 0);
    for (int i = 0; i < width; i++) {
      int from = first + i * m.pitch();
      for (int q = 0; q < depth; q++) to[start + place(q) * columns + i] = m.a()[from + q];
    }
  }

  private int place(int q) {
    if (taps == 1) return q;
    int tap = q / channels, channel = q - tap * channels, line = tap / taps;
    return (line * channels + channel) * taps + tap - line * taps;
  }
}
