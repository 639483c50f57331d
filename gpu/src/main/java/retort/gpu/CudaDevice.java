package retort.gpu;

import java.nio.FloatBuffer;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Span;

/// A card: float32 in its own memory, products by cuBLAS, the rest by this module's kernels. Calls
/// return when the card has been asked; reading a number waits for it.
public final class CudaDevice implements Device {
  /// With `-Dretort.poison=true` buffers come filled with NaN, so that reading what nobody wrote
  /// shows.
  private static final boolean POISON = Boolean.getBoolean("retort.poison");

  private final Queue queue;
  private final Pool pool;
  private final Staging staging;
  private final Kernels kernels;

  /// @param graphs whether work that comes again is started as graphs
  CudaDevice(Installation installation, Precision.Choice precisions, boolean graphs) {
    Driver driver = installation.driver();
    queue = new Queue(driver, installation.products(), graphs);
    pool = new Pool(driver, queue);
    Launcher launcher = new Launcher(queue, this);
    staging = new Staging(driver, queue, launcher);
    kernels = new CudaKernels(launcher, precisions);
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public Span take(int size) {
    Span s = new Span(pool.take((long) Float.BYTES * size), 0, size);
    if (POISON) kernels.fill(Double.NaN, s);
    return s;
  }

  @Override
  public void give(Span span) {
    pool.give((Buffer) span.array());
  }

  @Override
  public void write(float[] from, int at, Span to) {
    staging.upload(
        to.size(),
        Buffer.address(to),
        (room, start, count) -> room.asFloatBuffer().put(from, at + start, count));
  }

  @Override
  public void write(double[] from, int at, Span to) {
    staging.upload(
        to.size(),
        Buffer.address(to),
        (room, start, count) -> {
          FloatBuffer floats = room.asFloatBuffer();
          for (int i = 0; i < count; i++) floats.put(i, (float) from[at + start + i]);
        });
  }

  /// Whole numbers in a span of their own, whose floats they are not.
  Span upload(int[] numbers) {
    Span s = take(numbers.length);
    staging.upload(
        numbers.length,
        Buffer.address(s),
        (room, start, count) -> room.asIntBuffer().put(numbers, start, count));
    return s;
  }

  @Override
  public void read(Span from, float[] to, int at) {
    staging.download(
        from.size(),
        Float.BYTES,
        Buffer.address(from),
        (room, start, count) -> room.asFloatBuffer().get(to, at + start, count));
  }

  @Override
  public void read(Span from, double[] to, int at) {
    staging.download(
        from.size(),
        Float.BYTES,
        Buffer.address(from),
        (room, start, count) -> {
          FloatBuffer floats = room.asFloatBuffer();
          for (int i = 0; i < count; i++) to[at + start + i] = floats.get(i);
        });
  }

  /// The double at the start of a span of two floats.
  double readDouble(Span from) {
    double[] v = {0};
    staging.download(
        1, Double.BYTES, Buffer.address(from), (room, start, n) -> v[0] = room.getDouble(0));
    return v[0];
  }

  @Override
  public void begin() {
    queue.flush();
  }

  @Override
  public void finish() {
    queue.finish();
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Memory memory() {
    return pool.memory();
  }
}
