package retort.tensor.cpu;

/// The sums of batch normalisation over `rows` rows of `wide` numbers, `pitch` apart, column by
/// column: two sums each, added to what `s` holds. Columns have their constants in `k`. Plain loops
/// here, for the reasons given in [Runs].
class ChannelSums {
  static final ChannelSums SUMS = Simd.ON ? new VectorChannelSums() : new ChannelSums();

  /// sums += x - centre, squares += (x - centre)^2
  void moments(
      float[] x,
      int xo,
      int rows,
      int pitch,
      int wide,
      float[] k,
      int centre,
      float[] s,
      int sums,
      int squares) {
    for (int j = 0; j < wide; j++) {
      float sum = 0, square = 0;
      for (int r = 0, i = j; r < rows; r++, i += pitch) {
        float off = x[xo + i] - k[centre + j];
        sum += off;
        square = Math.fma(off, off, square);
      }
      s[sums + j] += sum;
      s[squares + j] += square;
    }
  }

  /// sums += d, dots += d (x - mean)
  void gradSums(
      float[] d,
      int at,
      float[] x,
      int xo,
      int rows,
      int pitch,
      int wide,
      float[] k,
      int mean,
      float[] s,
      int sums,
      int dots) {
    for (int j = 0; j < wide; j++) {
      float sum = 0, dot = 0;
      for (int r = 0, i = j; r < rows; r++, i += pitch) {
        sum += d[at + i];
        dot = Math.fma(d[at + i], x[xo + i] - k[mean + j], dot);
      }
      s[sums + j] += sum;
      s[dots + j] += dot;
    }
  }

  /// [#gradSums] where d counts only where [ChannelRuns#scale] was positive.
  void gradSumsRelu(
      float[] d,
      int at,
      float[] x,
      int xo,
      int rows,
      int pitch,
      int wide,
      float[] k,
      int mean,
      int scale,
      int shift,
      float[] s,
      int sums,
      int dots) {
    for (int j = 0; j < wide; j++) {
      float sum = 0, dot = 0;
      for (int r = 0, i = j; r < rows; r++, i += pitch) {
        float off = x[xo + i] - k[mean + j];
        if (!(Math.fma(off, k[scale + j], k[shift + j]) > 0)) continue;
        sum += d[at + i];
        dot = Math.fma(d[at + i], off, dot);
      }
      s[sums + j] += sum;
      s[dots + j] += dot;
    }
  }
}
