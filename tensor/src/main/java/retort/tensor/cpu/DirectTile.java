package retort.tensor.cpu;

import java.util.Arrays;

/// The tile of a direct convolution: some neighbouring pixels of a line of y by some columns, that
/// is output channels, summed over kh runs of n numbers of the input, and over kw taps of each.
///
/// `c[o, j] (+)= sum over ky, q, kx of a[ky aPitch + o step + kx tap + q] b[ky, q, kx, j]`. A
/// number of the input meets every pixel whose window it lies in, so one broadcast serves up to kw
/// sums.
record DirectTile(int pixels, int columns, int kh, int kw, int step, int tap) implements PlainTile {

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
      int to = co + o * cPitch;
      if (!adds) Arrays.fill(c, to, to + columns, 0);
      for (int j = 0; j < columns; j += 4) { // four sums at a time, in registers
        float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        for (int ky = 0, p = bo + j; ky < kh; ky++) {
          for (int q = 0, from = ao + ky * aPitch + o * step; q < n; q++) {
            for (int kx = 0; kx < kw; kx++, p += columns) {
              float s = a[from + q + kx * tap];
              s0 = Math.fma(s, b[p], s0);
              s1 = Math.fma(s, b[p + 1], s1);
              s2 = Math.fma(s, b[p + 2], s2);
              s3 = Math.fma(s, b[p + 3], s3);
            }
          }
        }
        c[to + j] += s0;
        c[to + j + 1] += s1;
        c[to + j + 2] += s2;
        c[to + j + 3] += s3;
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int a = pixels * step + kw * tap + n + kh * pitch;
    return Math.max(a, Math.max(kh * n * kw * columns, columns + pixels * pitch));
  }

  @Override
  public Tile shared() {
    int each = kw * columns; // numbers of b a channel
    return (n, a, ao, aPitch, b, bo, bPitch, c, co, cPitch, adds) -> {
      var nest =
          kw == 1
              ? new SharedTile.Nest(1, 0, 0, kh, aPitch, n * each, n, 1, each)
              : new SharedTile.Nest(kh, aPitch, n * each, n, 1, each, kw, tap, columns);
      new SharedTile(pixels, columns, step, nest).run(a, ao, b, bo, c, co, cPitch, adds);
    };
  }

  @Override
  public Tile vector() {
    int lanes = GemmTiles.LANES, vectors = columns / lanes, each = kw * columns;
    return VectorCode.compile(v -> {
      int[] sum = v.zeros(pixels * vectors);
      v.loop(
          v.constant(kh),
          ky -> {
            int line = v.plus(v.ao, v.times(ky, v.aPitch));
            int weights = v.at(v.bo, v.times(ky, v.n), each);
            v.loop(v.n, q -> channel(v, sum, v.plus(line, q), v.at(weights, q, each)));
          });
      v.land(sum, vectors);
    });
  }

  /// Everything that one input channel adds, from left to right.
  private void channel(VectorCode v, int[] sum, int a, int b) {
    int lanes = GemmTiles.LANES, vectors = columns / lanes;
    int[] weight = new int[kw * vectors];
    for (int i = 0; i < weight.length; i++) weight[i] = v.load(v.b, b, i * lanes);
    int last = (pixels - 1) * step + (kw - 1) * tap, between = kw == 1 ? step : tap;
    for (int place = 0; place <= last; place += between) {
      int s = -1;
      for (int kx = kw - 1; kx >= 0; kx--) {
        int o = (place - kx * tap) / step;
        if (place < kx * tap || o * step + kx * tap != place || o >= pixels) continue;
        if (s < 0) s = v.broadcast(v.a, a, place);
        for (int j = 0; j < vectors; j++) v.fma(s, weight[kx * vectors + j], sum[o * vectors + j]);
      }
    }
  }
}
