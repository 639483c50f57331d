package retort.tensor.cpu;

/// The overlapping square blocks, every 4 pixels, that Winograd's transforms read from an image.
/// `window` holds the image, and a window for each block: with `size` lines of `size` pixels.
record WinogradBlocks(Patches window) {

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

  /// Transforms some blocks into planes of rows `[channels]`, from row `at` on. Blocks across the
  /// image's edge are copied with their padding first.
  void transform(
      WinogradTile.Matrix matrix, int first, int count, float[] planes, int plane, int at) {
    Patches p = window;
    int channels = p.channels(), size = p.kh(), vectors = channels / GemmTiles.LANES;
    float[] work = Scratch.take(36 * (GemmTiles.LANES + channels));
    int copy = Scratch.ALIGN + 36 * GemmTiles.LANES;
    Tile tile = new WinogradTile(matrix, 0, channels, 6 * plane, plane).fastest();
    for (int t = 0; t < count; t++) {
      int y = line(first + t) * 4 + p.top(), x = column(first + t) * 4 + p.left();
      int image = image(first + t), to = Scratch.ALIGN + (at + t) * channels;
      if (y >= 0 && x >= 0 && y + size <= p.h() && x + size <= p.w()) {
        int from = p.at() + ((image * p.h() + y) * p.w() + x) * channels, pitch = p.w() * channels;
        tile.run(vectors, p.x(), from, pitch, work, Scratch.ALIGN, 0, planes, to, 0, false);
        continue;
      }
      int pitch = size * channels;
      for (int i = 0; i < size; i++) p.pixels(image, y + i, x, size, work, copy + i * pitch);
      tile.run(vectors, work, copy, pitch, work, Scratch.ALIGN, 0, planes, to, 0, false);
    }
    Scratch.give(work);
  }
}
