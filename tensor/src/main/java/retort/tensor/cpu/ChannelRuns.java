package retort.tensor.cpu;

/// The loops of batch normalisation, over a run of pixels: every number has its channel's constants
/// beside it in `k`, where they are repeated to the length of the run. Plain loops here, for the
/// reasons given in [Runs].
class ChannelRuns {
  static final ChannelRuns CHANNELS = Simd.ON ? new VectorChannelRuns() : new ChannelRuns();

  /// y = (x - mean) scale + shift; where it is at most `floor` it becomes 0, and a floor of NaN,
  /// which no number is at most, leaves all as it is.
  void scale(
      float[] x,
      int xo,
      float[] k,
      int mean,
      int scale,
      int shift,
      float floor,
      float[] y,
      int yo,
      int n) {
    for (int i = 0; i < n; i++) {
      float v = Math.fma(x[xo + i] - k[mean + i], k[scale + i], k[shift + i]);
      y[yo + i] = v <= floor ? 0 : v;
    }
  }

  /// [#scale] with a residual r added before the floor.
  void scaleAdd(
      float[] x,
      int xo,
      float[] k,
      int mean,
      int scale,
      int shift,
      float[] r,
      int ro,
      float floor,
      float[] y,
      int yo,
      int n) {
    for (int i = 0; i < n; i++) {
      float v = Math.fma(x[xo + i] - k[mean + i], k[scale + i], k[shift + i]) + r[ro + i];
      y[yo + i] = v <= floor ? 0 : v;
    }
  }

  /// dx = a d + (b (x - mean) + c)
  void grad(
      float[] d,
      int at,
      float[] x,
      int xo,
      float[] k,
      int mean,
      int a,
      int b,
      int c,
      float[] dx,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      float rest = Math.fma(x[xo + i] - k[mean + i], k[b + i], k[c + i]);
      dx[to + i] = Math.fma(k[a + i], d[at + i], rest);
    }
  }

  /// [#grad] where d counts only where [#scale] was positive, `a` being its scale.
  void gradRelu(
      float[] d,
      int at,
      float[] x,
      int xo,
      float[] k,
      int mean,
      int a,
      int shift,
      int b,
      int c,
      float[] dx,
      int to,
      int n) {
    for (int i = 0; i < n; i++) {
      float off = x[xo + i] - k[mean + i], rest = Math.fma(off, k[b + i], k[c + i]);
      float v = Math.fma(off, k[a + i], k[shift + i]) > 0 ? d[at + i] : 0;
      dx[to + i] = Math.fma(k[a + i], v, rest);
    }
  }
}
