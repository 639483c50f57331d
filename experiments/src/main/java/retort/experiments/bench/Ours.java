package retort.experiments.bench;

import java.util.List;
import java.util.SplittableRandom;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Span;

/// A kernel's work on a device of ours.
final class Ours implements Contender {
  private static final long SEED = 20_250_101;

  private final KernelWork work;
  private final Device device;
  private final Span[] in;
  private final Span[] out;
  private final float[][] inputs;

  Ours(KernelWork work, Device device) {
    this.work = work;
    this.device = device;
    in = take(work.inputs());
    out = take(work.outputs());
    var random = new SplittableRandom(SEED);
    for (Span s : in) device.write(draws(random, s.size()), 0, s);
    work.derive(device.kernels(), in, out);
    inputs = read(in);
  }

  /// Uniform on [-1, 1): no kernel's speed depends on more, and it is quick to draw.
  private static float[] draws(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) x[i] = 2 * random.nextFloat() - 1;
    return x;
  }

  private Span[] take(List<Shape> shapes) {
    return shapes.stream().map(s -> device.take(s.size())).toArray(Span[]::new);
  }

  private float[][] read(Span[] spans) {
    float[][] x = new float[spans.length][];
    for (int i = 0; i < x.length; i++) {
      x[i] = new float[spans[i].size()];
      device.read(spans[i], x[i], 0);
    }
    return x;
  }

  /// What a peer is to be given: the inputs as they were before the first run.
  float[][] inputs() {
    return inputs;
  }

  @Override
  public String name() {
    return "Retort";
  }

  @Override
  public void run() {
    work.run(device.kernels(), in, out);
  }

  @Override
  public float[][] results() {
    run();
    return read(work.results(in, out));
  }

  @Override
  public void close() {
    for (Span s : in) device.give(s);
    for (Span s : out) device.give(s);
  }
}
