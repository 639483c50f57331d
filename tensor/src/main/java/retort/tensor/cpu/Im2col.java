package retort.tensor.cpu;

import retort.tensor.Convolution;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Convolutions of any geometry as matrix products, whose factors are made up while they are
/// packed: no matrix of patches is ever stored. One product a group.
final class Im2col {
  private Im2col() {}

  /// y `[n oh ow, f]` = patches of x `[n oh ow, kh kw c]` times the weights' transpose.
  static Gemm forward(Convolution g, int group, Span x, Span weight, Span bias, Slot y) {
    int k = g.kh() * g.kw() * g.cg(), f = group * g.fg();
    return new Gemm(
        g.n() * g.oh() * g.ow(),
        g.fg(),
        k,
        windows(g, group, x).orPixels(),
        new Operand.Transposed(
            new Operand.Matrix((float[]) weight.array(), weight.at() + f * k, k)),
        bias == null ? null : (float[]) bias.array(),
        bias == null ? 0 : bias.at() + f,
        Landing.dense((float[]) y.span().array(), y.span().at() + f, y.adds(), g.f()));
  }

  /// dweight `[f, kh kw c]` (+)= dy's transpose `[f, n oh ow]` times patches of x.
  static Gemm gradWeight(Convolution g, int group, Span dy, Span x, Slot dweight) {
    int k = g.kh() * g.kw() * g.cg(), f = group * g.fg();
    Span to = dweight.span();
    return new Gemm(
        g.fg(),
        k,
        g.n() * g.oh() * g.ow(),
        new Operand.Transposed(new Operand.Matrix((float[]) dy.array(), dy.at() + f, g.f())),
        windows(g, group, x).orPixels(),
        null,
        0,
        Landing.dense((float[]) to.array(), to.at() + f * k, dweight.adds(), k));
  }

  /// The windows of one group in x.
  static Patches windows(Convolution g, int group, Span x) {
    return new Patches(
        (float[]) x.array(),
        x.at() + group * g.cg(),
        g.h(),
        g.w(),
        g.c(),
        g.cg(),
        g.oh(),
        g.ow(),
        g.stride(),
        -g.pad(),
        -g.pad(),
        g.kh(),
        g.kw());
  }

  /// One phase of an input gradient, the pixels whose line and column are `i / stride` and `i %
  /// stride` modulo the stride: the windows in dy, the last taps down and across that it meets (the
  /// others come every stride before), and where its pixels lie in dx.
  record Phase(Patches windows, int aLast, int bLast, Landing dx) {

    /// Null where no pixel or no tap belongs to the phase; then its pixels are cleared already.
    static Phase orCleared(Convolution g, int group, int i, Span dy, Slot dx) {
      Phase phase = of(g, group, i, dy, dx);
      if (phase == null || phase.hasTaps()) return phase;
      phase.dx.clear(g.n() * phase.windows.rows() * phase.windows.columns(), g.cg());
      return null;
    }

    boolean hasTaps() {
      return windows.kh() > 0 && windows.kw() > 0;
    }

    /// Null where no pixel belongs to the phase.
    static Phase of(Convolution g, int group, int i, Span dy, Slot dx) {
      int s = g.stride(), p = i / s, q = i % s;
      int rows = Gemm.ceil(g.h() - p, s), columns = Gemm.ceil(g.w() - q, s);
      if (rows <= 0 || columns <= 0) return null;
      int a = (p + g.pad()) % s, b = (q + g.pad()) % s; // the first taps of the phase
      int taps = Gemm.ceil(g.kh() - a, s), tapsAcross = Gemm.ceil(g.kw() - b, s);
      Span to = dx.span();
      Landing landing =
          Landing.grid(
              (float[]) to.array(),
              to.at() + (p * g.w() + q) * g.c() + group * g.cg(),
              dx.adds(),
              s * g.c(),
              columns,
              rows,
              s * g.w() * g.c(),
              g.h() * g.w() * g.c());
      int aLast = a + (taps - 1) * s, bLast = b + (tapsAcross - 1) * s;
      Patches windows =
          new Patches(
              (float[]) dy.array(),
              dy.at() + group * g.fg(),
              g.oh(),
              g.ow(),
              g.f(),
              g.fg(),
              rows,
              columns,
              1,
              (p + g.pad() - aLast) / s,
              (q + g.pad() - bLast) / s,
              taps,
              tapsAcross);
      return new Phase(windows, aLast, bLast, landing);
    }
  }
}
