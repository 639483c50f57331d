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
  /// Terms of a transposed factor that are turned at a time: what they fill stays in the
  /// first-level cache.
  private static final int TURN = 64;

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
    for (int p = first; p < end; p++) {
      int at = start + p * COLUMNS * depth;
      switch (b) {
        case Operand.Rows rows -> packRows(rows, k0, depth, p, to, at);
        case Operand.Transposed(Operand.Matrix of) -> packTurned(of, k0, depth, p, to, at);
      }
    }
  }

  private void packRows(Operand.Rows rows, int k0, int depth, int p, float[] to, int start) {
    int j = p * COLUMNS, columns = columns(p), width = Math.min(columns, n - j);
    for (int q = 0; q < depth; q++) {
      int at = start + place(q) * columns;
      rows.copy(k0 + q, j, width, to, at);
      if (width < columns) Arrays.fill(to, at + width, at + columns, 0);
    }
  }

  private void packTurned(Operand.Matrix m, int k0, int depth, int p, float[] to, int start) {
    int j = p * COLUMNS, columns = columns(p), width = Math.min(columns, n - j);
    if (width < columns) Arrays.fill(to, start, start + depth * columns, 0);
    for (int q0 = 0; q0 < depth; q0 += TURN) {
      int end = Math.min(depth, q0 + TURN);
      for (int i = 0; i < width; i++) {
        int from = m.at() + (j + i) * m.pitch() + k0;
        if (taps == 1) {
          for (int q = q0; q < end; q++) to[start + q * columns + i] = m.a()[from + q];
        } else {
          for (int q = q0; q < end; q++) to[start + place(q) * columns + i] = m.a()[from + q];
        }
      }
    }
  }

  private int place(int q) {
    if (taps == 1) return q;
    int tap = q / channels, channel = q - tap * channels, line = tap / taps;
    return (line * channels + channel) * taps + tap - line * taps;
  }
}
