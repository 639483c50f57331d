package retort.tensor.cpu;

/// Some neighbouring lines of a depthwise convolution's result, gone through pixel by pixel: what
/// of the windows of its j-th pixels lies in the image, and where.
record DepthwiseStrip(Patches p, int image, int first, int lines) {

  /// The part of the windows that there is.
  DepthwiseForm form(int j) {
    int above = Math.max(0, -y()), below = y() + (lines - 1) * p.step() + p.kh();
    int height = Math.max(0, Math.min(p.h(), below) - Math.max(0, y()));
    return new DepthwiseForm(lines, p.kh(), width(j), p.step(), above, height, p.pitch());
  }

  /// Pixels of a window that lie before the image.
  int left(int j) {
    return Math.clamp(-x(j), 0, p.kw());
  }

  /// Pixels of a window in the image.
  int width(int j) {
    return Math.clamp((long) p.w() - x(j), left(j), p.kw()) - left(j);
  }

  /// Where they begin in its first line.
  int place(int j) {
    return p.place(image, Math.max(0, y())) + (x(j) + left(j)) * p.pitch();
  }

  /// Numbers from a line of the image to the next.
  int pitch() {
    return p.w() * p.pitch();
  }

  private int x(int j) {
    return j * p.step() + p.left();
  }

  private int y() {
    return first * p.step() + p.top();
  }
}
