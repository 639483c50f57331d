package retort.gpu;

import java.util.function.Consumer;
import retort.gpu.Work.Grid;
import retort.gpu.Work.Launch;
import retort.gpu.Work.Multiplication;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Asks for kernels by name, and for products. How the work is cut depends on its shapes alone,
/// never on the card, so that sums come out to the same bits everywhere.
final class Launcher {
  /// Threads of a block, as common.cuh counts them.
  private static final int BLOCK = 256;

  /// Neighbouring threads that read memory together.
  private static final int WARP = 32;

  /// Enough blocks to fill any card of today; more would only make more parts to join.
  private static final int FILLED = 256;

  /// A part of a sum is this many terms a thread at least.
  private static final int SHORTEST = 8;

  private final Queue queue;
  private final CudaDevice device;

  Launcher(Queue queue, CudaDevice device) {
    this.queue = queue;
    this.device = device;
  }

  /// c = op(a) op(b), or c += it. The operands are addresses on the card, of floats or of bfloat16.
  void multiply(Product p, long a, long b, Slot c, Precision precision) {
    queue.ask(new Multiplication(p, a, b, Buffer.address(c.span()), c.adds(), precision));
  }

  /// A thread a number; `n` is not among the arguments.
  void each(String kernel, int n, Object... args) {
    if (n > 0) launch(kernel, ceil(n, BLOCK), 1, BLOCK, 1, args);
  }

  /// A block a row.
  void rows(String kernel, int rows, int cols, Object... args) {
    int threads = Math.clamp(powerOfTwo(cols), WARP, BLOCK);
    if (rows > 0) launch(kernel, rows, 1, threads, 1, args);
  }

  /// How a fold's terms lie: those of one destination beside each other, or those of neighbouring
  /// destinations.
  enum Lie {
    TERMS_TOGETHER,
    DESTINATIONS_TOGETHER
  }

  /// Folds n terms for each of `count` destinations: `parts` is given count, n, its arguments and a
  /// place for partial results, `end` count, how many parts there are, the partial results and its
  /// arguments.
  ///
  /// @param k running values of a destination
  void fold(Fold fold, int k, int count, int n, Lie lie) {
    if (count == 0) return;
    int most = lie == Lie.DESTINATIONS_TOGETHER ? WARP : n >= 2 * BLOCK ? 1 : BLOCK / WARP;
    int wide = Math.min(most, powerOfTwo(count));
    int lanes = BLOCK / wide, strips = ceil(count, wide);
    int parts = Math.clamp(Math.min(FILLED / strips, n / (lanes * SHORTEST)), 1, FILLED);
    scratch(
        Math.toIntExact(2L * parts * k * count),
        partial -> {
          Object[] terms = join(new Object[] {count, n}, fold.terms(), partial);
          launch(fold.name() + "Parts", strips, parts, wide, lanes, terms);
          each(fold.end() + "End", count, join(new Object[] {count, parts, partial}, fold.ends()));
        });
  }

  /// The sum of squares, as a double in the place of two floats.
  void squares(Span x, Span total) {
    Fold fold = new Fold("sumSquares", new Object[] {x}, "sumSquares", total);
    fold(fold, 1, 1, x.size(), Lie.TERMS_TOGETHER);
  }

  /// @param terms the arguments of the kernel `nameParts`
  /// @param end the name of the kernel that joins the parts, without its `End`
  /// @param ends its arguments
  record Fold(String name, Object[] terms, String end, Object... ends) {}

  private static Object[] join(Object[] a, Object[] b, Object... c) {
    Object[] all = java.util.Arrays.copyOf(a, a.length + b.length + c.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    System.arraycopy(c, 0, all, a.length + b.length, c.length);
    return all;
  }

  /// Lends memory for the length of some launches. What comes after them in the stream may have it
  /// at once.
  void scratch(int floats, Consumer<Span> work) {
    Span s = device.take(floats);
    try {
      work.accept(s);
    } finally {
      device.give(s);
    }
  }

  /// Lends whole numbers to some launches.
  void numbers(int[] numbers, Consumer<Span> work) {
    Span s = device.upload(numbers);
    try {
      work.accept(s);
    } finally {
      device.give(s);
    }
  }

  double readDouble(Span from) {
    return device.readDouble(from);
  }

  /// The least one that is no less.
  private static int powerOfTwo(int n) {
    return n <= 1 ? 1 : n > 1 << 30 ? 1 << 30 : Integer.highestOneBit(n - 1) << 1;
  }

  private static int ceil(int n, int by) {
    return (int) (((long) n + by - 1) / by);
  }

  private void launch(String kernel, int gridX, int gridY, int blockX, int blockY, Object... args) {
    queue.ask(new Launch(new Grid(kernel, gridX, gridY, blockX, blockY), args));
  }
}
