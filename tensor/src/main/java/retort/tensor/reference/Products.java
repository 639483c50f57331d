package retort.tensor.reference;

import retort.tensor.Convolution;
import retort.tensor.Kernels;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Matrix products and convolutions.
interface Products extends Kernels {
  @Override
  default void matmul(Product p, Span a, Span b, Span bias, Slot c) {
    View va = View.of(a), vb = View.of(b), vbias = View.of(bias), vc = View.of(c);
    int m = p.m(), n = p.n(), k = p.k();
    for (int s = 0; s < p.batch(); s++) {
      int a0 = p.batchedA() ? s * m * k : 0, b0 = p.batchedB() ? s * k * n : 0, c0 = s * m * n;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = bias == null ? 0 : vbias.get(j);
          for (int q = 0; q < k; q++) {
            sum +=
                va.get(a0 + (p.transposeA() ? q * m + i : i * k + q))
                    * vb.get(b0 + (p.transposeB() ? j * k + q : q * n + j));
          }
          vc.land(c0 + i * n + j, sum);
        }
      }
    }
  }

  /// One multiplication of a convolution: the places of y, x and the weight that meet.
  interface Meeting {
    void at(int y, int x, int w);
  }

  private static void taps(Convolution g, Meeting meeting) {
    for (int n = 0; n < g.n(); n++)
      for (int i = 0; i < g.oh(); i++)
        for (int j = 0; j < g.ow(); j++)
          for (int f = 0; f < g.f(); f++)
            for (int a = 0; a < g.kh(); a++)
              for (int b = 0; b < g.kw(); b++) {
                int h = i * g.stride() + a - g.pad(), w = j * g.stride() + b - g.pad();
                if (h < 0 || w < 0 || h >= g.h() || w >= g.w()) continue;
                int first = f / g.fg() * g.cg(); // the group's first input channel
                for (int c = 0; c < g.cg(); c++) {
                  meeting.at(
                      ((n * g.oh() + i) * g.ow() + j) * g.f() + f,
                      ((n * g.h() + h) * g.w() + w) * g.c() + first + c,
                      ((f * g.kh() + a) * g.kw() + b) * g.cg() + c);
                }
              }
  }

  @Override
  default void conv(Convolution g, Span x, Span weight, Span bias, Slot y) {
    View vx = View.of(x), vw = View.of(weight), vb = View.of(bias);
    View vy = View.of(y).ready(g.y().size());
    taps(g, (o, i, w) -> vy.add(o, vx.get(i) * vw.get(w)));
    if (bias != null) for (int o = 0; o < g.y().size(); o++) vy.add(o, vb.get(o % g.f()));
  }

  @Override
  default void convGradInput(Convolution g, Span dy, Span weight, Slot dx) {
    if (dx == null) return;
    View d = View.of(dy), vw = View.of(weight), to = View.of(dx).ready(g.x().size());
    taps(g, (o, i, w) -> to.add(i, d.get(o) * vw.get(w)));
  }

  @Override
  default void convGradWeight(Convolution g, Span dy, Span x, Slot dweight) {
    if (dweight == null) return;
    View d = View.of(dy), vx = View.of(x), to = View.of(dweight).ready(g.weight().size());
    taps(g, (o, i, w) -> to.add(w, d.get(o) * vx.get(i)));
  }
}
