package retort.tensor.cpu;

/// The overlapping square blocks, every 4 pixels, that Winograd's transforms read from an image.
/// `window` holds the image, and a window for each block: with `size` lines of `size` pixels.
record WinogradBlocks(Patches window) {
  /// Numbers of a row of blocks that is copied as a whole: 16 KiB, to be read from the first-level
  /// cache. To copy one block, a few pixels at a time, takes longer than to transform it.
  private static final int COPY = 1 << 12;

  /// The blocks that cover what convolutions by the windows p make.
  static WinogradBlocks of(Patches p, int size) {
    return new WinogradBlocks(
        new Patches(
            p.x(),
            p.at(),
            p.h(),
            p.w(),
            p.pitch(),
            p.channels(),
            Gemm.ceil(p.rows(), 4),
            Gemm.ceil(p.columns(), 4),
            4,
            p.top(),
            p.left(),
            size,
            size));
  }

  /// Blocks of an image.
  int count() {
    return window.rows() * window.columns();
  }

  int image(int block) {
    return block / count();
  }

  int line(int block) {
    return block % count() / window.columns();
  }

  int column(int block) {
    return block % window.columns();
  }

  /// Transforms some blocks into planes of rows `[channels]`, from row `at` on.
  void transform(
      WinogradTile.Matrix matrix, int first, int count, float[] planes, int plane, int at) {
    int channels = window.channels(), size = window.kh(), columns = window.columns();
    int wide = size * 4 * columns * channels <= COPY ? columns : 1;
    int line = (4 * (wide - 1) + size) * channels;
    float[] work = Scratch.take(36 * GemmTiles.LANES + size * line);
    WinogradRow tiles =
        WinogradRow.of(matrix, 0, channels, 4 * channels, 6 * plane, plane, channels);
    readAhead(first, count);
    for (int t = 0, n; t < count; t += n) {
      n = Math.min(Math.min(wide, count - t), columns - column(first + t));
      transform(tiles, first + t, n, work, planes, Scratch.ALIGN + (at + t) * channels);
    }
    Scratch.give(work);
  }

  /// Reads what some blocks cover, in order: whole lines of images as one run, for those lie one
  /// after another; of a part of a line only that. A weight gradient is up to 1.4 times as fast so,
  /// forward 1 to 1.17.
  private void readAhead(int first, int count) {
    Patches p = window;
    int last = first + count - 1, size = p.kh();
    int y = line(first) * 4 + p.top(), end = line(last) * 4 + p.top() + size;
    if (count >= p.columns()) {
      int bottom = p.place(image(last), Math.min(p.h(), end));
      ReadAhead.of(p.x(), p.place(image(first), Math.max(0, y)), bottom);
      return;
    }
    for (int t = 0, n; t < count; t += n) {
      int block = first + t;
      n = Math.min(count - t, p.columns() - column(block));
      int left = column(block) * 4 + p.left(), from = Math.max(0, left);
      int to = Math.min(p.w(), left + 4 * (n - 1) + size), top = line(block) * 4 + p.top();
      for (int i = Math.max(0, top); i < Math.min(p.h(), top + size); i++) {
        int line = p.place(image(block), i);
        ReadAhead.of(p.x(), line + from * p.pitch(), line + to * p.pitch());
      }
    }
  }

  /// Transforms neighbours; those across the image's edge are copied with their padding first.
  private void transform(
      WinogradRow tiles, int block, int n, float[] work, float[] planes, int to) {
    Patches p = window;
    int channels = p.channels(), size = p.kh();
    int y = line(block) * 4 + p.top(), x = column(block) * 4 + p.left();
    int image = image(block), pixels = 4 * (n - 1) + size;
    boolean inside = y >= 0 && x >= 0 && y + size <= p.h() && x + pixels <= p.w();
    int copy = Scratch.ALIGN + 36 * GemmTiles.LANES;
    float[] a = inside ? p.x() : work;
    int from = inside ? p.place(image, y) + x * channels : copy;
    int pitch = channels * (inside ? p.w() : pixels);
    for (int i = 0; i < size && !inside; i++) {
      p.pixels(image, y + i, x, pixels, work, copy + i * pitch);
    }
    int vectors = channels / GemmTiles.LANES;
    tiles.run(n, vectors, a, from, pitch, work, planes, to, 0, false);
  }
}
