package retort.tensor.cpu;

/// What the tiles of a depthwise convolution have in common: a pixel of each of some neighbouring
/// `lines` of y, one below the other, and its windows of `kh` times `kw` pixels, `step` lines
/// apart. The first begins `top` lines above the part of the image that is there, `height` lines;
/// what lies outside counts for nothing. Pixels are `channels` apart.
record DepthwiseForm(int lines, int kh, int kw, int step, int top, int height, int channels) {

  /// The line of its window in which line i of the image meets line o of y; negative, or kh and
  /// more, if it doesn't.
  int ky(int i, int o) {
    return i + top - o * step;
  }

  boolean meet(int i, int o) {
    return ky(i, o) >= 0 && ky(i, o) < kh;
  }

  int reach(int n, int pitch) {
    return kw * channels + n * GemmTiles.LANES + Math.max(Math.max(height, lines), kh) * pitch;
  }
}
