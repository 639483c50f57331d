package retort.tensor.cpu;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Span;

/// The processor: `float[]` on the heap, kept in free lists by size, so that a steady training step
/// takes no fresh memory.
public final class CpuDevice implements Device {
  /// With `-Dretort.poison=true` buffers come filled with NaN, so that reading what nobody wrote
  /// shows.
  private static final boolean POISON = Boolean.getBoolean("retort.poison");

  private final Kernels kernels;
  private final Map<Integer, ArrayDeque<float[]>> pool = new HashMap<>();
  private long live;
  private long peak;
  private long fresh;

  /// As many threads as there are processors, or as `-Dretort.threads` says.
  public CpuDevice() {
    this(Integer.getInteger("retort.threads", Runtime.getRuntime().availableProcessors()));
  }

  public CpuDevice(int threads) {
    kernels = new CpuKernels(new Workers(threads));
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public Span take(int size) {
    ArrayDeque<float[]> pooled = pool.get(size);
    float[] a = pooled == null ? null : pooled.pollFirst();
    if (a == null) {
      a = Scratch.fresh(Scratch.ALIGN + size);
      fresh++;
    }
    if (POISON) Arrays.fill(a, Float.NaN);
    live += 4L * size;
    peak = Math.max(peak, live);
    return new Span(a, Scratch.ALIGN, size);
  }

  @Override
  public void give(Span span) {
    pool.computeIfAbsent(span.size(), n -> new ArrayDeque<>()).addFirst((float[]) span.array());
    live -= 4L * span.size();
  }

  @Override
  public void write(float[] from, int at, Span to) {
    System.arraycopy(from, at, to.array(), to.at(), to.size());
  }

  @Override
  public void write(double[] from, int at, Span to) {
    float[] a = (float[]) to.array();
    for (int i = 0; i < to.size(); i++) a[to.at() + i] = (float) from[at + i];
  }

  @Override
  public void read(Span from, float[] to, int at) {
    System.arraycopy(from.array(), from.at(), to, at, from.size());
  }

  @Override
  public void read(Span from, double[] to, int at) {
    float[] a = (float[]) from.array();
    for (int i = 0; i < from.size(); i++) to[at + i] = a[from.at() + i];
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public boolean isWarmingUp() {
    return WarmingTile.pending();
  }

  @Override
  public Memory memory() {
    return new Memory(live, peak, fresh);
  }
}
