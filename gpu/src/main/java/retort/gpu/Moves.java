package retort.gpu;

import java.util.Arrays;
import retort.gpu.Launcher.Fold;
import retort.tensor.Kernels;
import retort.tensor.Move;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Filling, copying, gathering: moves.cu.
interface Moves extends Kernels {
  Launcher gpu();

  @Override
  default void fill(double value, Span y) {
    gpu().each("fill", y.size(), (float) value, y.size(), y);
  }

  @Override
  default void axpby(double alpha, Span x, double beta, Span y) {
    gpu().each("axpby", y.size(), (float) alpha, (float) beta, y.size(), x, y);
  }

  @Override
  default void move(Move m, Span x, Slot y) {
    Span from = x.slice(m.fromAt(), x.size() - m.fromAt());
    Span at = y.span().slice(m.toAt(), y.span().size() - m.toAt());
    Slot to = new Slot(at, y.adds());
    Axes all = new Axes(m.dims(), m.from(), m.to());
    Axes rest = all.only(i -> m.to()[i] == 0).merged();
    if (rest.size() == 1) {
      gpu().each("move", m.size(), m.size(), all.merged().walk(), from, to);
      return;
    }
    Axes own = all.only(i -> m.to()[i] != 0).merged();
    Object[] terms = {own.walk(), rest.walk(), from};
    Fold fold = new Fold("move", terms, "move", own.walk(), to);
    gpu().fold(fold, 1, own.size(), rest.size(), rest.lie());
  }

  @Override
  default void gather(int[] index, int width, Span x, Span y) {
    if (index.length == 0) return;
    gpu().numbers(index, i -> gpu().each("gather", y.size(), y.size(), width, i, x, y));
  }

  /// The rows of dy are brought into the order of the rows they hit, so that each of those is one
  /// thread's, and its sum has an order.
  @Override
  default void scatterAdd(int[] index, int width, Span dy, Span dx) {
    if (dx == null || index.length == 0) return;
    int rows = Arrays.stream(index).max().getAsInt() + 1;
    int[] end = new int[rows + 1];
    for (int row : index) end[row + 1]++;
    int hit = 0;
    for (int r = 0; r < rows; r++) {
      if (end[r + 1] > 0) hit++;
      end[r + 1] += end[r];
    }
    // row[hit], from[hit + 1], source[index.length], one after another
    int[] table = new int[2 * hit + 1 + index.length], next = end.clone();
    for (int r = 0, h = 0; r < rows; r++) {
      if (end[r + 1] == end[r]) continue;
      table[h] = r;
      table[hit + h++] = end[r];
    }
    table[2 * hit] = index.length;
    for (int i = 0; i < index.length; i++) table[2 * hit + 1 + next[index[i]]++] = i;
    int n = hit * width, hits = hit;
    gpu()
        .numbers(
            table,
            t -> {
              Span row = t.slice(0, hits), from = t.slice(hits, hits + 1);
              Span source = t.slice(2 * hits + 1, index.length);
              gpu().each("scatterAdd", n, n, width, row, from, source, dy, dx);
            });
  }
}
