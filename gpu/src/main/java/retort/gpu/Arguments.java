package retort.gpu;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jcuda.Pointer;
import retort.tensor.Slot;
import retort.tensor.Span;

/// The arguments of a launch as the driver takes them: an array of addresses, one an argument.
///
/// They are `int`, `long`, `float`, `double`, spans (a null one is a null pointer), slots, and
/// `int[]` for a struct of ints by value.
final class Arguments {
  /// Bytes of all arguments of a launch, at most, in CUDA.
  private static final int MOST = 4096;

  private final ByteBuffer values = direct();
  private final ByteBuffer addresses = direct();
  private final Pointer pointer = Pointer.to(addresses);
  private final long base = MemorySegment.ofBuffer(values).address();

  private static ByteBuffer direct() {
    return ByteBuffer.allocateDirect(MOST).order(ByteOrder.nativeOrder());
  }

  /// Good until the next call; the driver copies what it is handed.
  Pointer pack(Object... arguments) {
    values.clear();
    for (int i = 0; i < arguments.length; i++) {
      addresses.putLong(Long.BYTES * i, base + values.position());
      put(arguments[i]);
      values.position((values.position() + 7) & ~7); // every argument begins where a long may
    }
    return pointer;
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
