package retort.tensor.cpu;

/// The tile of a depthwise convolution: some neighbouring pixels of a line of y, and n vectors of
/// channels one after another.
///
/// `c[o cPitch + ch] (+)= sum over ky, kx of a[ky aPitch + (o step + kx) channels + ch] b[ky, kx,
/// ch]`.
record DepthwiseTile(int pixels, int kh, int kw, int step, int channels) implements PlainTile {

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
    for (int o = 0; o < pixels; o++) {
      for (int ch = 0; ch < n * GemmTiles.LANES; ch++) {
        float s = 0;
        for (int ky = 0; ky < kh; ky++) {
          int from = ao + ky * aPitch + o * step * channels + ch, w = bo + ky * kw * channels + ch;
          for (int kx = 0; kx < kw; kx++) {
            s = Math.fma(a[from + kx * channels], b[w + kx * channels], s);
          }
        }
        int to = co + o * cPitch + ch;
        c[to] = adds ? c[to] + s : s;
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int line = ((pixels - 1) * step + kw) * channels + n * GemmTiles.LANES;
    return Math.max(line + kh * pitch, (kh * kw + 1) * channels + n * GemmTiles.LANES);
  }

  @Override
  public Tile vector() {
    return VectorCode.compile(v -> {
      int[] from = v.rows(v.ao, v.aPitch, kh), to = v.rows(v.co, v.cPitch, pixels);
      v.loop(
          v.n,
          q -> {
            int[] sum = v.zeros(pixels);
            int w = v.at(v.bo, q, GemmTiles.LANES);
            for (int ky = 0; ky < kh; ky++) {
              line(v, sum, v.at(from[ky], q, GemmTiles.LANES), w, ky * kw * channels);
            }
            int[] place = new int[pixels];
            for (int o = 0; o < pixels; o++) place[o] = v.at(to[o], q, GemmTiles.LANES);
            v.land(sum, place, 1);
          });
    });
  }

  /// What a line of the image adds: each vector of it meets every pixel whose window it lies in.
  private void line(VectorCode v, int[] sum, int a, int w, int taps) {
    int[] weight = new int[kw];
    for (int kx = 0; kx < kw; kx++) weight[kx] = v.load(v.b, w, taps + kx * channels);
    for (int place = 0; place < (pixels - 1) * step + kw; place++) {
      int x = -1;
      for (int kx = kw - 1; kx >= 0; kx--) {
        int o = (place - kx) / step;
        if (place < kx || o * step + kx != place || o >= pixels) continue;
        if (x < 0) x = v.load(v.a, a, place * channels);
        v.fma(x, weight[kx], sum[o]);
      }
    }
  }
}
