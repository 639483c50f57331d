package retort.tensor;

import java.util.ArrayList;
import java.util.List;
import retort.tensor.cpu.CpuDevice;
import retort.tensor.reference.ReferenceDevice;

/// Where numbers live and who computes on them. Nothing above this seam knows floats from doubles,
/// or the heap from a card's memory; the same program runs on each:
///
/// - `cpu`: `float[]`, the Vector API, all cores;
/// - `reference`: `double[]` and plain loops, the judge of every other device;
/// - others, such as `cuda`, found through [DeviceProvider].
///
/// A device is used by one thread at a time.
public interface Device {
  /// The name a user types: `cpu`, `reference`, `cuda`.
  String name();

  /// A run of numbers with undefined contents.
  Span take(int size);

  /// Takes a run back into the pool; the caller must not touch it again.
  void give(Span span);

  void write(float[] from, int at, Span to);

  void write(double[] from, int at, Span to);

  void read(Span from, float[] to, int at);

  void read(Span from, double[] to, int at);

  Kernels kernels();

  /// A tape begins. A device that gathers work ends what it has gathered here, so that a steady
  /// step is gathered alike each time.
  default void begin() {}

  /// Waits until everything asked of the device is done. Only a clock needs it: reading numbers
  /// waits by itself.
  default void finish() {}

  /// Whether code is being compiled in the background that will make the work seen so far faster,
  /// with the same results. Only a clock needs it.
  default boolean isWarmingUp() {
    return false;
  }

  /// What the device holds at this moment.
  Memory memory();

  /// @param live bytes handed out and not yet given back
  /// @param peak the most bytes that were ever live at once
  /// @param fresh how many buffers had to be made because no pooled one fitted
  record Memory(long live, long peak, long fresh) {}

  /// A new device on the processor: float32, SIMD where the vector module is present.
  static Device cpu() {
    return new CpuDevice();
  }

  /// [#cpu()] on a number of threads; the results' bits don't depend on it.
  static Device cpu(int threads) {
    return new CpuDevice(threads);
  }

  /// A new device that computes in double precision with plain loops.
  static Device reference() {
    return new ReferenceDevice();
  }

  /// The device of a name, on a number of threads where it is the processor.
  static Device of(String name, int threads) {
    return name.equals("cpu") ? cpu(threads) : of(name);
  }

  /// The device of a name; the error lists the names there are.
  static Device of(String name) {
    List<String> known = new ArrayList<>(List.of("cpu", "reference"));
    if (name.equals("cpu")) return cpu();
    if (name.equals("reference")) return reference();
    for (DeviceProvider provider : DeviceProvider.all()) {
      if (provider.name().equals(name)) return provider.open();
      known.add(provider.name());
    }
    throw new IllegalArgumentException("there is no device '" + name + "'; devices here: " + known);
  }
}
