package retort.tensor.reference;

import java.util.Arrays;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Span;

/// The judge of every other device: `double[]` on the heap and plain nested loops that anyone can
/// read against the formula. It is slow on purpose. Buffers come and go filled with NaN, so that
/// reading what was never written, or was given back, shows at once.
public final class ReferenceDevice implements Device {
  private final Kernels kernels = new ReferenceKernels();
  private long live;
  private long peak;
  private long fresh;

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Span take(int size) {
    double[] a = new double[size];
    Arrays.fill(a, Double.NaN);
    fresh++;
    live += 8L * size;
    peak = Math.max(peak, live);
    return new Span(a, 0, size);
  }

  @Override
  public void give(Span span) {
    Arrays.fill((double[]) span.array(), Double.NaN);
    live -= 8L * span.size();
  }

  @Override
  public void write(float[] from, int at, Span to) {
    double[] a = (double[]) to.array();
    for (int i = 0; i < to.size(); i++) a[to.at() + i] = from[at + i];
  }

  @Override
  public void write(double[] from, int at, Span to) {
    System.arraycopy(from, at, to.array(), to.at(), to.size());
  }

  @Override
  public void read(Span from, float[] to, int at) {
    double[] a = (double[]) from.array();
    for (int i = 0; i < from.size(); i++) to[at + i] = (float) a[from.at() + i];
  }

  @Override
  public void read(Span from, double[] to, int at) {
    System.arraycopy(from.array(), from.at(), to, at, from.size());
  }

  @Override
  public Kernels kernels() {
    return kernels;
  }

  @Override
  public Memory memory() {
    return new Memory(live, peak, fresh);
  }
}
