package retort.tensor.cpu;

/// Where the rows of a product go: in runs of `run` rows `pitch` apart, the runs laid out as a grid
/// of images and lines. A dense matrix is one long run.
record Landing(
    float[] c, int at, boolean adds, int pitch, int run, int lines, int linePitch, int imagePitch) {

  static Landing dense(float[] c, int at, boolean adds, int pitch) {
    return new Landing(c, at, adds, pitch, Integer.MAX_VALUE, 1, 0, 0);
  }

  /// A grid; a dense matrix, if the lines follow one another without a gap.
  static Landing grid(
      float[] c, int at, boolean adds, int pitch, int run, int lines, int linePitch, int image) {
    boolean dense = linePitch == run * pitch && image == lines * linePitch;
    return dense
        ? dense(c, at, adds, pitch)
        : new Landing(c, at, adds, pitch, run, lines, linePitch, image);
  }

  int place(int row) {
    int line = row / run;
    return at + line / lines * imagePitch + line % lines * linePitch + (row - line * run) * pitch;
  }

  /// The first row after `row` that is not in the same run.
  int runEnd(int row) {
    return run == Integer.MAX_VALUE ? run : (row / run + 1) * run;
  }

  /// Writes zeros, where nothing is to be added.
  void clear(int rows, int columns) {
    if (adds) return;
    for (int i = 0; i < rows; i++) java.util.Arrays.fill(c, place(i), place(i) + columns, 0);
  }
}
