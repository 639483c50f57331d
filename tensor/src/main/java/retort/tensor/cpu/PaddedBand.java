package retort.tensor.cpu;

import java.util.Arrays;

/// A band of lines that some windows read, copied with its padding into working memory: pixels lie
/// `channels` apart, lines one after another. What is `beyond` the lines is room for a tile.
record PaddedBand(Patches p, int channels, int width, int beyond, float[] a) {

  /// Memory for the windows of `height` lines, and `more` numbers beyond.
  static PaddedBand take(Patches p, int channels, int height, int more) {
    int width = (p.columns() - 1) * p.step() + p.kw();
    int size = ((height - 1) * p.step() + p.kh()) * width * channels;
    float[] a = Scratch.take(size + more);
    return new PaddedBand(p, channels, width, Scratch.ALIGN + size, a);
  }

  /// Numbers from a line to the next.
  int pitch() {
    return width * channels;
  }

  /// Where a line begins.
  int line(int i) {
    return Scratch.ALIGN + i * pitch();
  }

  /// The windows of `count` lines, in the copy as in an image without a border.
  Patches windows(int count) {
    int lines = (count - 1) * p.step() + p.kh();
    return new Patches(
        a,
        Scratch.ALIGN,
        lines,
        width,
        channels,
        channels,
        count,
        p.columns(),
        p.step(),
        0,
        0,
        p.kh(),
        p.kw());
  }

  /// Copies what the windows of `count` lines from `first` on read.
  void fill(int image, int first, int count) {
    int lines = (count - 1) * p.step() + p.kh(), top = first * p.step() + p.top();
    for (int l = 0; l < lines; l++) {
      if (channels == p.channels()) p.pixels(image, top + l, p.left(), width, a, line(l));
      else spread(image, top + l, line(l));
    }
  }

  /// A line with zeros after each pixel.
  private void spread(int image, int y, int to) {
    for (int i = 0; i < width; i++) {
      int at = to + i * channels;
      p.pixels(image, y, p.left() + i, 1, a, at);
      Arrays.fill(a, at + p.channels(), at + channels, 0);
    }
  }
}
