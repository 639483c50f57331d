package retort.gpu;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import jcuda.Pointer;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Starts kernels by name. How the work is cut depends on its shapes alone, never on the card, so
/// that sums come out to the same bits everywhere.
///
/// Arguments are `int`, `long`, `float`, `double`, spans (a null one is a null pointer), slots, and
/// `int[]` for a struct of ints by value.
final class Launcher {
  /// Threads of a block, as common.cuh counts them.
  private static final int BLOCK = 256;

  /// Neighbouring threads that read memory together.
  private static final int WARP = 32;

  /// Enough blocks to fill any card of today; more would only make more parts to join.
  private static final int FILLED = 256;

  /// A part of a sum is this many terms a thread at least.
  private static final int SHORTEST = 8;

  /// Bytes of all arguments of a launch, at most, in CUDA.
  private static final int ARGUMENTS = 4096;

  private final Driver driver;
  private final CudaDevice device;
  private final ByteBuffer values = direct(ARGUMENTS);
  private final ByteBuffer addresses = direct(ARGUMENTS);
  private final Pointer arguments = Pointer.to(addresses);
  private final long base = java.lang.foreign.MemorySegment.ofBuffer(values).address();

  Launcher(Driver driver, CudaDevice device) {
    this.driver = driver;
    this.device = device;
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
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
    values.clear();
    for (int i = 0; i < args.length; i++) {
      addresses.putLong(Long.BYTES * i, base + values.position());
      put(args[i]);
      values.position((values.position() + 7) & ~7); // every argument begins where a long may
    }
    driver.launch(kernel, gridX, gridY, blockX, blockY, arguments);
  }

  private void put(Object arg) {
    switch (arg) {
      case null -> values.putLong(0).putLong(0); // a pointer, or a slot
      case Integer v -> values.putInt(v);
      case Long v -> values.putLong(v);
      case Float v -> values.putFloat(v);
      case Double v -> values.putDouble(v);
      case Span s -> values.putLong(Buffer.address(s));
      case Slot s -> values.putLong(Buffer.address(s.span())).putInt(s.adds() ? 1 : 0);
      case int[] ints -> {
        for (int v : ints) values.putInt(v);
      }
      default -> throw new IllegalArgumentException("no kernel takes a " + arg.getClass());
    }
  }
}
