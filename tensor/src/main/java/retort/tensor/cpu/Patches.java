package retort.tensor.cpu;

import java.util.Arrays;

/// The windows of a convolution as rows of a matrix, made up while they are packed: row `(image, i,
/// j)` holds `x[image, i step + top + a, j step + left + b, c]` for a, b, c in order, zeros where
/// the window leaves the image.
///
/// x is `[images, h, w, pitch]`, of which the `channels` from `at` on are read.
record Patches(
    float[] x,
    int at,
    int h,
    int w,
    int pitch,
    int channels,
    int rows,
    int columns,
    int step,
    int top,
    int left,
    int kh,
    int kw)
    implements Operand.Rows {

  /// The patches, or x itself as a matrix where every patch is a pixel.
  Operand.Rows orPixels() {
    boolean pixels = kh == 1 && kw == 1 && step == 1 && top == 0 && left == 0;
    return pixels && rows == h && columns == w ? new Operand.Matrix(x, at, pitch) : this;
  }

  @Override
  public void copy(int row, int from, int count, float[] to, int start) {
    int line = row / columns, image = line / rows;
    int y = (line - image * rows) * step + top, x0 = (row - line * columns) * step + left;
    int length = kw * channels, end = from + count;
    for (int a = from / length; a * length < end; a++) {
      int first = Math.max(from - a * length, 0), last = Math.min(end - a * length, length);
      int place = start + a * length + first - from;
      if (y + a < 0 || y + a >= h) Arrays.fill(to, place, place + last - first, 0);
      else line(place(image, y + a), x0, first, last, to, place);
    }
  }

  /// Copies numbers `from` to `from + width` of some rows, one after another. Of neighbouring
  /// windows inside an image, whole vectors of one line of taps lie a step apart.
  void copy(int row, int rows, int from, int width, float[] to, int start) {
    int length = (pitch == channels ? kw : 1) * channels;
    for (int end = row + rows, next; row < end; row = next) {
      int line = row / columns, o = row - line * columns, image = line / this.rows;
      int first = Gemm.ceil(Math.max(0, -left), step), last = (w - kw - left) / step + 1;
      boolean inside = o >= first && o < last;
      next = Math.min(end, line * columns + (inside ? last : o < first ? first : columns));
      next = Math.min(next, (line + 1) * columns);
      int y = (line - image * this.rows) * step + top, x0 = o * step + left;
      for (int j = from, stop; j < from + width; j = stop) {
        int run = j / length, a = run * length / (kw * channels), place = start + j - from;
        stop = Math.min(from + width, (run + 1) * length);
        boolean there = y + a >= 0 && y + a < h;
        if (inside && there && (stop - j) % GemmTiles.LANES == 0) {
          int tap = j / channels - a * kw, x1 = x0 + tap;
          int at = place(image, y + a) + x1 * pitch + j - (a * kw + tap) * channels;
          Strips.copy(next - row, stop - j, stop - j, x, at, step * pitch, to, place, width);
          continue;
        }
        for (int i = row, p = place; i < next; i++, p += width) {
          if (there) copy(i, j, stop - j, to, p);
          else Arrays.fill(to, p, p + stop - j, 0);
        }
      }
      start += (next - row) * width;
    }
  }

  /// Copies the pixels x0 to x0 + count of line y of an image, zeros where they lie outside.
  void pixels(int image, int y, int x0, int count, float[] to, int place) {
    if (y < 0 || y >= h) Arrays.fill(to, place, place + count * channels, 0);
    else line(place(image, y), x0, 0, count * channels, to, place);
  }

  /// Where a line of an image begins.
  int place(int image, int y) {
    return at + (image * h + y) * w * pitch;
  }

  /// Whether no window leaves the image.
  boolean inside() {
    return top >= 0
        && left >= 0
        && (rows - 1) * step + top + kh <= h
        && (columns - 1) * step + left + kw <= w;
  }

  /// Numbers `first` to `last` from pixel x0 of a line on.
  private void line(int lineAt, int x0, int first, int last, float[] to, int place) {
    if (pitch == channels) {
      int inside = Math.clamp(-x0 * channels, first, last);
      int outside = Math.clamp((long) (w - x0) * channels, inside, last);
      Arrays.fill(to, place, place + inside - first, 0);
      if (outside > inside) {
        int from = lineAt + x0 * channels + inside;
        System.arraycopy(x, from, to, place + inside - first, outside - inside);
      }
      Arrays.fill(to, place + outside - first, place + last - first, 0);
      return;
    }
    for (int b = first / channels; b * channels < last; b++) {
      int c = Math.max(first - b * channels, 0), cEnd = Math.min(last - b * channels, channels);
      int p = place + b * channels + c - first;
      if (x0 + b < 0 || x0 + b >= w) Arrays.fill(to, p, p + cEnd - c, 0);
      else System.arraycopy(x, lineAt + (x0 + b) * pitch + c, to, p, cEnd - c);
    }
  }
}
