package retort.nn;

import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import retort.tensor.Convolution;
import retort.tensor.Device;
import retort.tensor.Kernels;
import retort.tensor.Product;
import retort.tensor.Shape;
import retort.tensor.Span;
import retort.tensor.Tape;

/// What a net costs: its parameters, and the multiply-accumulates of its convolutions and matrix
/// products in one forward. It is counted by running the net on a device that computes nothing and
/// holds no numbers, so every net can be counted and none can be forgotten.
public record Cost(long parameters, long macs) {

  /// The cost of a net that is on no device yet, for an input of this shape.
  public static Cost of(Layer net, Shape input) {
    long macs =
        macs(tape -> {
          Module.blank(tape.device(), net);
          net.eval();
          net.apply(tape.fill(input, 0));
        });
    return new Cost(net.parameterCount(), macs);
  }

  /// The multiply-accumulates of a program, which puts its modules on `tape.device()`.
  public static long macs(Consumer<Tape> program) {
    return macs(tape -> tape, (tape, same) -> program.accept(tape));
  }

  /// The multiply-accumulates of a program on something that is made for it, those of the making
  /// left out: some modules run nets when they are made, to size what they add.
  public static <M> long macs(Function<Tape, M> making, BiConsumer<Tape, M> program) {
    Counting device = new Counting();
    return Tape.infer(device, tape -> device.macs(tape, making, program));
  }

  /// What one training step computes and holds.
  ///
  /// @param macs of its forward and backward
  /// @param bytes the most that is alive at a time, in float32: weights, gradients, and what the
  ///   backward needs of the forward
  public record Step(long macs, long bytes) {}

  /// The cost of a program that records on a tape and runs it back, on something that is made for
  /// it on `tape.device()`; the making counts among what is held, not among what is computed.
  public static <M> Step step(Function<Tape, M> making, BiConsumer<Tape, M> program) {
    Counting device = new Counting();
    long macs = Tape.train(device, tape -> device.macs(tape, making, program));
    return new Step(macs, device.most * Float.BYTES);
  }

  private static final class Counting implements Device {
    private long macs;
    private long alive;
    private long most;
    private final Kernels kernels =
        (Kernels)
            Proxy.newProxyInstance(
                Kernels.class.getClassLoader(),
                new Class<?>[] {Kernels.class},
                (proxy, verb, args) -> {
                  if (args[0] instanceof Convolution g) macs += g.macs();
                  if (args[0] instanceof Product p) macs += p.macs();
                  return verb.getReturnType() == double.class ? 0.0 : null;
                });

    /// Makes something and runs a program on it; the multiply-accumulates of the program alone.
    <M> long macs(Tape tape, Function<Tape, M> making, BiConsumer<Tape, M> program) {
      M made = making.apply(tape);
      long before = macs;
      program.accept(tape, made);
      return macs - before;
    }

    @Override
    public String name() {
      return "counting";
    }

    @Override
    public Span take(int size) {
      alive += size;
      most = Math.max(most, alive);
      return new Span(null, 0, size);
    }

    @Override
    public void give(Span span) {
      alive -= span.size();
    }

    @Override
    public void write(float[] from, int at, Span to) {}

    @Override
    public void write(double[] from, int at, Span to) {}

    @Override
    public void read(Span from, float[] to, int at) {}

    @Override
    public void read(Span from, double[] to, int at) {}

    @Override
    public Kernels kernels() {
      return kernels;
    }

    @Override
    public Memory memory() {
      return new Memory(0, 0, 0);
    }
  }
}
