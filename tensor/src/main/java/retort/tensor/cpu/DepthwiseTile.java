package retort.tensor.cpu;

/// The tile of a depthwise convolution, n vectors of channels one after another.
///
/// `c[o cPitch + ch] (+)= sum over kx, i of a[i aPitch + kx channels + ch] b[ky(i, o) bPitch + kx
/// channels + ch]`.
record DepthwiseTile(DepthwiseForm form) implements PlainTile {

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
    for (int o = 0; o < form.lines(); o++) {
      int from = Math.max(0, -form.ky(0, o));
      int to = Math.min(form.height(), form.kh() - form.ky(0, o));
      for (int ch = 0; ch < n * GemmTiles.LANES; ch++) {
        float s = 0;
        for (int kx = 0; kx < form.kw(); kx++) {
          int x = ao + kx * form.channels() + ch;
          int w = bo + kx * form.channels() + ch + form.ky(0, o) * bPitch;
          for (int i = from; i < to; i++) s = Math.fma(a[x + i * aPitch], b[w + i * bPitch], s);
        }
        int place = co + o * cPitch + ch;
        c[place] = adds ? c[place] + s : s;
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    return form.reach(n, pitch);
  }

  @Override
  public Tile vector() {
    int lanes = GemmTiles.LANES, lines = form.lines(), kh = form.kh();
    return VectorCode.compile(v -> {
      int[] from = v.rows(v.ao, v.aPitch, form.height()), weights = v.rows(v.bo, v.bPitch, kh);
      int[] to = v.rows(v.co, v.cPitch, lines);
      v.loop(
          v.n,
          q -> {
            int[] sum = v.zeros(lines), place = new int[lines], w = new int[kh];
            for (int kx = 0; kx < form.kw(); kx++) {
              int right = kx * form.channels();
              for (int k = 0; k < kh; k++) w[k] = v.load(v.b, v.at(weights[k], q, lanes), right);
              for (int i = 0; i < form.height(); i++) {
                int x = v.load(v.a, v.at(from[i], q, lanes), right);
                for (int o = 0; o < lines; o++) {
                  if (form.meet(i, o)) v.fma(x, w[form.ky(i, o)], sum[o]);
                }
              }
            }
            for (int o = 0; o < lines; o++) place[o] = v.at(to[o], q, lanes);
            v.land(sum, place, 1);
          });
    });
  }
}
