package retort.experiments.bench;

import java.util.List;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Span;

/// A kernel's work on a device of ours.
final class OurKernel implements Ours {
  private final KernelWork work;
  private final Device device;
  private final Span[] in;
  private final Span[] out;
  private final float[][] inputs;

  OurKernel(KernelWork work, Device device) {
    this.work = work;
    this.device = device;
    in = take(work.inputs());
    out = take(work.outputs());
    var random = Ours.random();
    for (Span s : in) device.write(Ours.draws(random, s.size()), 0, s);
    work.derive(device.kernels(), in, out);
    inputs = read(in);
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

  @Override
  public float[][] inputs() {
    return inputs;
  }

  @Override
  public Device device() {
    return device;
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
