package retort.tensor.cpu;

import static retort.tensor.cpu.Maps.MAPS;

import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// Functions of one and of two numbers, a block of each operand at a time.
interface Elementwise extends Kernels {
  Workers workers();

  @Override
  default void unary(Unary f, double a, double b, Span x, Span y) {
    float[] in = (float[]) x.array(), out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) ->
            MAPS.value(f, (float) a, (float) b, in, x.at() + from, out, y.at() + from, to - from));
  }

  @Override
  default void unaryGrad(Unary f, double a, double b, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    Span given = f == Unary.AFFINE ? dy : f.slopeFromOutput() ? y : x;
    float[] s = (float[]) given.array(), d = (float[]) dy.array();
    Parts.numbers(
        workers(),
        dy.size(),
        (from, to) -> {
          try (Into into = Into.of(dx)) {
            into.fill(
                from,
                to,
                (out, at, i, n) ->
                    MAPS.slope(
                        f, (float) a, (float) b, s, given.at() + i, d, dy.at() + i, out, at, n));
          }
        });
  }

  @Override
  default void binary(Binary f, Broadcast g, Span a, Span b, Span y) {
    Strides sa = Strides.merged(g.out().toArray(), g.a());
    Strides sb = Strides.merged(g.out().toArray(), g.b());
    float[] out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) -> {
          try (Stretch p = Stretch.of(a, sa);
              Stretch q = Stretch.of(b, sb)) {
            for (int i = from; i < to; i += Into.BLOCK) {
              int n = Math.min(Into.BLOCK, to - i);
              p.reach(i, n);
              q.reach(i, n);
              Pairs.value(f, p.array, p.place, q.array, q.place, out, y.at() + i, n);
            }
          }
        });
  }

  @Override
  default void binaryGrad(Binary f, Broadcast g, Span a, Span b, Span dy, Slot da, Slot db) {
    Strides sa = Strides.merged(g.out().toArray(), g.a());
    Strides sb = Strides.merged(g.out().toArray(), g.b());
    grad(f, Slopes.Of.A, a, sa, b, sb, dy, da, sa);
    grad(f, Slopes.Of.B, a, sa, b, sb, dy, db, sb);
  }

  private void grad(
      Binary f,
      Slopes.Of of,
      Span a,
      Strides sa,
      Span b,
      Strides sb,
      Span dy,
      Slot to,
      Strides st) {
    if (to == null) return;
    if (!st.isDense()) {
      SumTo.strided(
          workers(), st, () -> new Slopes(f, of, Stretch.of(a, sa), Stretch.of(b, sb), dy), to);
      return;
    }
    Parts.numbers(
        workers(),
        dy.size(),
        (from, end) -> {
          try (Slopes slopes = new Slopes(f, of, Stretch.of(a, sa), Stretch.of(b, sb), dy);
              Into into = Into.of(to)) {
            for (int i = from; i < end; i += Into.BLOCK) {
              into.fill(i, Math.min(end, i + Into.BLOCK), slopes::write);
            }
          }
        });
  }
}
