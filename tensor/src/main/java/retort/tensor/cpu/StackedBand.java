package retort.tensor.cpu;

import static retort.tensor.cpu.GemmTiles.COLUMNS;

import java.util.Arrays;

/// A band of lines that some windows read, copied with its padding into working memory, column by
/// column: what a column of a window meets, `[kh, channels]`, lies together, so that a sum over a
/// window takes one loop.
record StackedBand(Patches p, int column, float[] a) {

  /// Memory for the windows of `height` lines.
  static StackedBand take(Patches p, int height) {
    int lines = (height - 1) * p.step() + p.kh(), width = (p.columns() - 1) * p.step() + p.kw();
    int column = lines * p.channels() + COLUMNS; // off the powers of two, and room for a vector
    return new StackedBand(p, column, Scratch.take(width * column));
  }

  /// Copies what the windows of `count` lines from `first` on read.
  void fill(int image, int first, int count) {
    int lines = (count - 1) * p.step() + p.kh(), top = first * p.step() + p.top();
    int width = (p.columns() - 1) * p.step() + p.kw();
    int left = Math.clamp(-p.left(), 0, width), right = Math.clamp(p.w() - p.left(), left, width);
    for (int l = 0; l < lines; l++) {
      int y = top + l, to = Scratch.ALIGN + l * p.channels();
      boolean inside = y >= 0 && y < p.h();
      int x = inside ? left : width, end = inside ? right : width;
      clear(0, x, to);
      int from = p.place(image, y) + (p.left() + x) * p.pitch();
      for (int c = 0; c < p.channels(); c += COLUMNS) { // what a vector covers beyond comes later
        int channels = Math.min(COLUMNS, p.channels() - c), at = to + x * column + c;
        Strips.copy(end - x, channels, channels, p.x(), from + c, p.pitch(), a, at, column);
      }
      clear(end, width, to);
    }
  }

  private void clear(int x, int end, int to) {
    for (; x < end; x++) Arrays.fill(a, to + x * column, to + x * column + p.channels(), 0);
  }
}
