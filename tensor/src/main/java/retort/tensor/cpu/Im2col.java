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
        patches(g, group, x),
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
        patches(g, group, x),
        null,
        0,
        Landing.dense((float[]) to.array(), to.at() + f * k, dweight.adds(), k));
  }

  private static Operand.Rows patches(Convolution g, int group, Span x) {
    int at = x.at() + group * g.cg();
    return Patches.of(
        (float[]) x.array(),
        at,
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

  /// The gradient of the input pixels whose line and column are `phase / stride` and `phase %
  /// stride` modulo the stride. They alone meet every stride-th tap, and each is a convolution of
  /// dy, with stride 1, by those taps in reverse.
  static void gradInput(
      Workers team, Convolution g, int group, int phase, Span dy, Span weight, Slot dx) {
    int s = g.stride(), p = phase / s, q = phase % s;
    int rows = Gemm.ceil(g.h() - p, s), columns = Gemm.ceil(g.w() - q, s);
    if (rows <= 0 || columns <= 0) return;
    int a = (p + g.pad()) % s, b = (q + g.pad()) % s; // the first tap of the phase
    int taps = Gemm.ceil(g.kh() - a, s), tapsAcross = Gemm.ceil(g.kw() - b, s);
    Span to = dx.span();
    Landing c =
        Landing.grid(
            (float[]) to.array(),
            to.at() + (p * g.w() + q) * g.c() + group * g.cg(),
            dx.adds(),
            s * g.c(),
            columns,
            rows,
            s * g.w() * g.c(),
            g.h() * g.w() * g.c());
    if (taps <= 0 || tapsAcross <= 0) {
      c.clear(g.n() * rows * columns, g.cg());
      return;
    }
    int aLast = a + (taps - 1) * s, bLast = b + (tapsAcross - 1) * s;
    Operand patches =
        Patches.of(
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
    Operand weights =
        new TurnedWeights(
            (float[]) weight.array(),
            weight.at() + group * g.fg() * g.kh() * g.kw() * g.cg(),
            g.fg(),
            g.kh(),
            g.kw(),
            g.cg(),
            s,
            aLast,
            bLast,
            tapsAcross);
    int k = taps * tapsAcross * g.fg();
    new Gemm(g.n() * rows * columns, g.cg(), k, patches, weights, null, 0, c).run(team);
  }
}
