package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import java.util.Arrays;
import retort.tensor.Kernels;
import retort.tensor.Move;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Filling, copying, gathering.
interface Moves extends Kernels {
  Workers workers();

  @Override
  default void fill(double value, Span y) {
    float[] out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) -> Arrays.fill(out, y.at() + from, y.at() + to, (float) value));
  }

  @Override
  default void axpby(double alpha, Span x, double beta, Span y) {
    float p = (float) alpha, q = (float) beta;
    float[] in = (float[]) x.array(), out = (float[]) y.array();
    Parts.numbers(
        workers(),
        y.size(),
        (from, to) -> {
          int xo = x.at() + from, yo = y.at() + from, n = to - from;
          if (q != 0) RUNS.blend(p, in, xo, q, out, yo, 0, out, yo, n);
          else if (p == 1) System.arraycopy(in, xo, out, yo, n);
          else RUNS.affine(0, in, xo, p, 0, out, yo, n);
        });
  }

  @Override
  default void move(Move m, Span x, Slot y) {
    if (y == null || m.size() == 0) return;
    if (sums(m)) sum(m, x, y);
    else new Copy(Route.merged(m.dims(), m.from(), m.to()), m, x, y).run(workers());
  }

  /// Whether several numbers land in one place.
  private static boolean sums(Move m) {
    for (int i = 0; i < m.dims().length; i++) if (m.to()[i] == 0 && m.dims()[i] > 1) return true;
    return false;
  }

  private void sum(Move m, Span x, Slot y) {
    Strides from = Strides.merged(m.dims(), m.from()), to = Strides.merged(m.dims(), m.to());
    Span source = x.slice(m.fromAt(), x.size() - m.fromAt());
    int last = to.size() == 0 ? 0 : to.place(to.size() - 1) + 1;
    Slot place = new Slot(y.span().slice(m.toAt(), last), y.adds());
    SumTo.strided(workers(), to, () -> Stretch.of(source, from), place);
  }

  @Override
  default void gather(int[] index, int width, Span x, Span y) {
    Parts.rows(
        workers(),
        index.length,
        width,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            System.arraycopy(
                x.array(), x.at() + index[i] * width, y.array(), y.at() + i * width, width);
          }
        });
  }

  /// Cut by columns, so that rows with one destination meet on one thread, in their order.
  @Override
  default void scatterAdd(int[] index, int width, Span dy, Span dx) {
    if (dx == null) return;
    float[] in = (float[]) dy.array(), out = (float[]) dx.array();
    int columns = Math.max(1, Math.min(width, Parts.rowsEach(index.length)));
    Parts.over(
        workers(),
        width,
        Math.max(COLUMNS, columns),
        (from, to) -> {
          for (int i = 0; i < index.length; i++) {
            int at = i * width + from;
            RUNS.add(in, dy.at() + at, out, dx.at() + index[i] * width + from, to - from);
          }
        });
  }

  /// The fewest columns that a part of a scatter takes: four cache lines.
  int COLUMNS = 64;
}
