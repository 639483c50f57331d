package retort.tensor.cpu;

/// The tile of a depthwise convolution's weight gradient: what its pixels of dy add to it, for n
/// vectors of channels one after another.
///
/// `c[ky cPitch + kx channels + ch] (+)= sum over the i, o that meet at ky of a[i aPitch + kx
/// channels + ch] b[o bPitch + ch]`.
record DepthwiseGradTile(DepthwiseForm form) implements PlainTile {

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
    int wide = n * GemmTiles.LANES;
    for (int ky = 0; ky < form.kh(); ky++) {
      for (int kx = 0; kx < form.kw(); kx++) {
        int x = ao + kx * form.channels(), to = co + ky * cPitch + kx * form.channels();
        for (int ch = 0; ch < wide; ch++) {
          float s = 0;
          for (int o = 0; o < form.lines(); o++) {
            int i = ky - form.ky(0, o);
            if (i < 0 || i >= form.height()) continue;
            s = Math.fma(a[x + i * aPitch + ch], b[bo + o * bPitch + ch], s);
          }
          c[to + ch] = adds ? c[to + ch] + s : s;
        }
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
      int[] from = v.rows(v.ao, v.aPitch, form.height()), dy = v.rows(v.bo, v.bPitch, lines);
      int[] to = v.rows(v.co, v.cPitch, kh);
      v.loop(
          v.n,
          q -> {
            int[] d = new int[lines], place = new int[kh];
            for (int o = 0; o < lines; o++) d[o] = v.load(v.b, v.at(dy[o], q, lanes), 0);
            for (int kx = 0; kx < form.kw(); kx++) {
              int right = kx * form.channels();
              int[] sum = v.zeros(kh);
              for (int i = 0; i < form.height(); i++) {
                int x = v.load(v.a, v.at(from[i], q, lanes), right);
                for (int o = lines - 1; o >= 0; o--) {
                  if (form.meet(i, o)) v.fma(x, d[o], sum[form.ky(i, o)]);
                }
              }
              for (int k = 0; k < kh; k++) {
                place[k] = v.plus(v.at(to[k], q, lanes), v.constant(right));
              }
              v.land(sum, place, 1);
            }
          });
    });
  }
}
