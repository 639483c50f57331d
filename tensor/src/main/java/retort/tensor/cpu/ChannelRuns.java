package retort.tensor.cpu;

/// The loops of batch normalisation, over a run of pixels: every number has its channel's constants
/// beside it in `k`, where they are repeated to the length of the run; sums gather in `s`. Plain
/// loops here, for the reasons given in [Runs].
class ChannelRuns {
  static final ChannelRuns CHANNELS = Simd.ON ? new VectorChannelRuns() : new ChannelRuns();

  /// sums += x - centre, squares += (x - centre)^2
  void moments(float[] x, int xo, float[] k, int centre, float[] s, int sums, int squares, int n) {
    for (int i = 0; i < n; i++) {
      float d = x[xo + i] - k[centre + i];
      s[sums + i] += d;
      s[squares + i] = Math.fma(d, d, s[squares + i]);
    }
  }

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

  /// sums += d, dots += d (x - mean)
  void gradSums(
      float[] d,
      int at,
      float[] x,
      int xo,
      float[] k,
      int mean,
      float[] s,
      int sums,
      int dots,
      int n) {
    for (int i = 0; i < n; i++) {
      s[sums + i] += d[at + i];
      s[dots + i] = Math.fma(d[at + i], x[xo + i] - k[mean + i], s[dots + i]);
    }
  }

  /// [#gradSums] where d counts only where [#scale] was positive.
  void gradSumsRelu(
      float[] d,
      int at,
      float[] x,
      int xo,
      float[] k,
      int mean,
      int scale,
      int shift,
      float[] s,
      int sums,
      int dots,
      int n) {
    for (int i = 0; i < n; i++) {
      float off = x[xo + i] - k[mean + i];
      if (!(Math.fma(off, k[scale + i], k[shift + i]) > 0)) continue;
      s[sums + i] += d[at + i];
      s[dots + i] = Math.fma(d[at + i], off, s[dots + i]);
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
