package retort.tensor.cpu;

/// The tile of a depthwise convolution's weight gradient: what some neighbouring pixels of a line
/// of dy add to it, for n vectors of channels one after another.
///
/// `c[ky, kx, ch] (+)= sum over o of a[ky aPitch + (o step + kx) channels + ch] b[o channels +
/// ch]`; c is `[kh, kw, channels]`, and the other pitches mean nothing.
record DepthwiseGradTile(int pixels, int kh, int kw, int step, int channels) implements PlainTile {

  @Override
  public void run(
      int n,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      float[] c,
      int co,
      int cPitch,
      boolean adds) {
    for (int tap = 0; tap < kh * kw; tap++) {
      int first = ao + tap / kw * aPitch + tap % kw * channels;
      for (int ch = 0; ch < n * GemmTiles.LANES; ch++) {
        float s = 0;
        for (int o = 0; o < pixels; o++) {
          s = Math.fma(a[first + o * step * channels + ch], b[bo + o * channels + ch], s);
        }
        int to = co + tap * channels + ch;
        c[to] = adds ? c[to] + s : s;
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int line = ((pixels - 1) * step + kw) * channels + n * GemmTiles.LANES;
    return Math.max(line + kh * pitch, kh * kw * channels + n * GemmTiles.LANES);
  }

  @Override
  public Tile vector() {
    return VectorCode.compile(v -> {
      int[] from = v.rows(v.ao, v.aPitch, kh);
      v.loop(
          v.n,
          q -> {
            int d = v.at(v.bo, q, GemmTiles.LANES), to = v.at(v.co, q, GemmTiles.LANES);
            int[] dy = new int[pixels];
            for (int o = 0; o < pixels; o++) dy[o] = v.load(v.b, d, o * channels);
            for (int ky = 0; ky < kh; ky++) {
              int[] sum = line(v, v.at(from[ky], q, GemmTiles.LANES), dy);
              int[] place = new int[kw];
              for (int kx = 0; kx < kw; kx++) {
                place[kx] = v.plus(to, v.constant((ky * kw + kx) * channels));
              }
              v.land(sum, place, 1);
            }
          });
    });
  }

  private int[] line(VectorCode v, int a, int[] dy) {
    int[] sum = v.zeros(kw);
    for (int place = 0; place < (pixels - 1) * step + kw; place++) {
      int x = -1;
      for (int kx = kw - 1; kx >= 0; kx--) {
        int o = (place - kx) / step;
        if (place < kx || o * step + kx != place || o >= pixels) continue;
        if (x < 0) x = v.load(v.a, a, place * channels);
        v.fma(x, dy[o], sum[kx]);
      }
    }
    return sum;
  }
}
