package retort.tensor.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import retort.tensor.Convolution;
import retort.tensor.Slot;
import retort.tensor.Span;

/// The input gradient of a convolution, one group of it. The pixels of a phase alone meet every
/// stride-th tap, so each phase is a convolution of dy, with stride 1, by those taps in reverse.
/// All phases of a band of lines are done together where [Direct] does them: they read the same
/// lines of dy, and share those of dx, which go to memory once.
record GradInput(Convolution g, int group, Span dy, Span weight, Slot dx) {

  /// Weights up to which phases are done together: with more of them than half of a 2 MiB
  /// second-level cache holds, each phase would find its own gone.
  private static final int WEIGHTS = 1 << 18;

  void run(Workers team) {
    List<Direct> phases = new ArrayList<>();
    boolean gaps = false; // pixels that no tap meets
    for (int i = 0; i < g.stride() * g.stride(); i++) {
      Im2col.Phase phase = Im2col.Phase.of(g, group, i, dy, dx);
      if (phase == null) continue;
      if (phase.hasTaps()) phases.add(new Direct(product(phase), phase.windows()));
      else gaps = true;
    }
    boolean clears = gaps && !dx.adds();
    if (together(phases)) {
      Direct.together(team, phases, (image, first, end) -> prepare(image, first, end, clears));
      return;
    }
    if (clears) team.run(g.n(), image -> clear(image, 0, g.h()));
    for (Direct phase : phases) phase.g().run(team);
  }

  private boolean together(List<Direct> phases) {
    long weights = 0;
    for (Direct phase : phases) {
      if (!Direct.suits(phase.g(), phase.p())) return false;
      weights += (long) phase.g().k() * phase.g().n();
    }
    return g.stride() > 1 && !phases.isEmpty() && (phases.size() == 1 || weights <= WEIGHTS);
  }

  private Gemm product(Im2col.Phase phase) {
    Patches p = phase.windows();
    Operand weights =
        new TurnedWeights(
            (float[]) weight.array(),
            weight.at() + group * g.fg() * g.kh() * g.kw() * g.cg(),
            g.fg(),
            g.kh(),
            g.kw(),
            g.cg(),
            g.stride(),
            phase.aLast(),
            phase.bLast(),
            p.kw());
    int m = g.n() * p.rows() * p.columns(), k = p.kh() * p.kw() * g.fg();
    return new Gemm(m, g.cg(), k, p.orPixels(), weights, null, 0, phase.dx());
  }

  /// Makes the lines of dx ready that lines `first` to `end` of the phases meet: clears them, or
  /// reads those ahead that will be added to, for each phase takes every other pixel only. That is
  /// 1.3 to 1.6 times as fast where dx comes from memory.
  private void prepare(int image, int first, int end, boolean clears) {
    int y = first * g.stride(), last = Math.min(end * g.stride(), g.h());
    if (clears) clear(image, y, last);
    if (!dx.adds() || g.groups() > 1) return;
    ReadAhead.of((float[]) dx.span().array(), line(image, y), line(image, last));
  }

  /// Where a line of dx begins.
  private int line(int image, int y) {
    return dx.span().at() + (image * g.h() + y) * g.w() * g.c();
  }

  /// Clears lines of an image of dx; all of their numbers at once, if there is one group.
  private void clear(int image, int first, int end) {
    int pixels = (end - first) * g.w(), c = g.c(), runs = g.groups() == 1 ? 1 : pixels;
    int from = line(image, first) + group * g.cg();
    float[] a = (float[]) dx.span().array();
    for (int i = 0; i < runs; i++, from += c) {
      Arrays.fill(a, from, from + (runs == 1 ? pixels * c : g.cg()), 0);
    }
  }
}
