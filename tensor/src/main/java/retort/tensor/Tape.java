package retort.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// Runs operations, remembers them in order, runs them back, and owns their memory.
///
/// *A tensor lives until the innermost [#tidy] around it ends, unless a node saved it; then until
/// that node's backward has run.* When the tape ends, everything it made has gone back to the
/// device's pool, so a steady training step takes no fresh memory and nobody closes anything.
///
/// ```
/// float loss = Tape.train(device, tape -> {
///   Tensor y = net.apply(tape.input(Shape.of(n, 28, 28, 1), pixels));
///   Tensor l = y.crossEntropy(labels).mean();
///   tape.backward(l);
///   return l.item();
/// });
/// ```
public final class Tape {
  private static final ScopedValue<Tape> CURRENT = ScopedValue.newInstance();

  /// One remembered operation. `kept` holds the side results its backward reads.
  record Node(Op op, Tensor[] in, Tensor out, Storage[] kept) {}

  /// Is told of every operation when it has run, while what it read can still be read: how a
  /// program is written down in another form.
  @FunctionalInterface
  public interface Listener {
    void ran(Op op, Tensor[] in, Tensor out);
  }

  private final Device device;
  private final boolean recording;
  private final Listener listener;
  private final List<Node> nodes = new ArrayList<>();
  private List<Storage> scope = new ArrayList<>();
  private final List<Storage> outermost = scope;

  private Tape(Device device, boolean recording, Listener listener) {
    this.device = device;
    this.recording = recording;
    this.listener = listener;
  }

  /// Runs a body whose operations are remembered, so that [#backward] can run them back.
  public static <R> R train(Device device, Function<Tape, R> body) {
    return open(new Tape(device, true, null), body);
  }

  /// Runs a body that needs no gradients: nothing is saved.
  public static <R> R infer(Device device, Function<Tape, R> body) {
    return open(new Tape(device, false, null), body);
  }

  /// [#infer] with a listener.
  public static <R> R infer(Device device, Listener listener, Function<Tape, R> body) {
    return open(new Tape(device, false, listener), body);
  }

  private static <R> R open(Tape tape, Function<Tape, R> body) {
    tape.device.begin();
    try {
      return ScopedValue.where(CURRENT, tape).call(() -> body.apply(tape));
    } finally {
      tape.end();
    }
  }

  /// The tape that runs now; operations outside [#train] and [#infer] are refused.
  public static Tape current() {
    return CURRENT.orElseThrow(() ->
        new IllegalStateException(
            "no tape is running: call tensor operations inside Tape.train(device, tape -> ...) or"
                + " Tape.infer(device, tape -> ...)"));
  }

  public Device device() {
    return device;
  }

  /// Whether operations are remembered.
  public boolean isRecording() {
    return recording;
  }

  // ---- leaves

  public Tensor input(Shape shape, float... values) {
    Tensor.checkCount("input", shape, values.length);
    Tensor t = blank(shape);
    device.write(values, 0, t.span());
    return t;
  }

  /// An input from the start of an array that may be longer, such as a reused batch buffer.
  public Tensor inputFrom(Shape shape, float[] values) {
    if (values.length < shape.size()) Tensor.checkCount("inputFrom", shape, values.length);
    Tensor t = blank(shape);
    device.write(values, 0, t.span());
    return t;
  }

  public Tensor input(Shape shape, double[] values) {
    Tensor.checkCount("input", shape, values.length);
    Tensor t = blank(shape);
    device.write(values, 0, t.span());
    return t;
  }

  /// An input whose gradient is wanted: read it with [Tensor#grad()] after [#backward].
  public Tensor variable(Shape shape, double... values) {
    Tensor.checkCount("variable", shape, values.length);
    Tensor t = new Tensor(shape, own(shape.size()), 0, recording, null);
    device.write(values, 0, t.span());
    return t;
  }

  public Tensor fill(Shape shape, double value) {
    Tensor t = blank(shape);
    device.kernels().fill(value, t.span());
    return t;
  }

  /// Standard normal draws.
  public Tensor normal(Shape shape, Philox draws) {
    Tensor t = blank(shape);
    device.kernels().normal(draws, t.span());
    return t;
  }

  /// Uniform draws on [0, 1).
  public Tensor uniform(Shape shape, Philox draws) {
    Tensor t = blank(shape);
    device.kernels().uniform(draws, t.span());
    return t;
  }

  private Tensor blank(Shape shape) {
    try {
      return new Tensor(shape, own(shape.size()), 0, false, null);
    } catch (OutOfDeviceMemory e) {
      throw e.in("input " + shape);
    }
  }

  // ---- memory

  /// Runs a block and lets go of all it made, but for its result and what nodes saved.
  public Tensor tidy(Supplier<Tensor> block) {
    return tidyAll(() -> List.of(block.get())).getFirst();
  }

  /// [#tidy] for a block with several results.
  public List<Tensor> tidyAll(Supplier<List<Tensor>> block) {
    List<Storage> outer = scope;
    scope = new ArrayList<>();
    List<Tensor> results = List.of();
    try {
      return results = block.get();
    } finally {
      List<Storage> inner = scope;
      scope = outer;
      for (Storage s : inner) {
        if (holds(results, s)) outer.add(s);
        else s.drop();
      }
    }
  }

  private static boolean holds(List<Tensor> tensors, Storage s) {
    for (Tensor t : tensors) if (t.storage() == s) return true;
    return false;
  }

  /// Lets a tensor live until the tape ends, whatever tidy scopes it was made in.
  public Tensor keep(Tensor t) {
    if (!t.isPersistent()) outermost.add(t.storage().hold());
    return t;
  }

  private Storage own(int size) {
    Storage s = new Storage(device, size);
    scope.add(s);
    return s;
  }

  // ---- running forward

  /// Runs an operation; [Tensor]'s methods come down to this.
  public Tensor apply(Op op, Tensor... in) {
    try {
      return run(op, in);
    } catch (OutOfDeviceMemory e) {
      throw e.in(op.name());
    }
  }

  private Tensor run(Op op, Tensor... in) {
    boolean wants = false;
    for (Tensor t : in) {
      t.checkUsable(op.name(), device);
      wants |= t.wantsGrad();
    }
    Shape[] shapes = Arrays.stream(in).map(Tensor::shape).toArray(Shape[]::new);
    Shape shape = op.shape(shapes);
    boolean remember = wants && recording;
    Tensor out = new Tensor(shape, own(shape.size()), 0, remember, new Tensor.Origin(op, in));
    int[] sizes = op.keeps(shapes);
    Storage[] kept = new Storage[sizes.length];
    boolean done = false;
    try {
      for (int i = 0; i < kept.length; i++) kept[i] = new Storage(device, sizes[i]);
      Forward f = new Forward(device, in, out, kept);
      try {
        op.forward(f);
      } finally {
        f.end();
      }
      done = true;
    } finally {
      if (!done || !remember) for (Storage s : kept) if (s != null) s.drop();
    }
    if (listener != null) listener.ran(op, in, out);
    if (!remember) return out;
    Node node = new Node(op, in.clone(), out, kept);
    for (int i = 0; i < in.length; i++) if (op.savesInput(i)) in[i].storage().hold();
    if (op.savesOutput()) out.storage().hold();
    nodes.add(node);
    return out;
  }

  // ---- running back

  /// Adds the gradient of a scalar loss to every parameter and variable that it depends on, and
  /// lets go of everything that was saved for it.
  public void backward(Tensor loss) {
    if (loss.shape().size() != 1) {
      throw ShapeException.of(
          "backward", "wants a scalar loss; reduce it with mean() or sum() first", loss.shape());
    }
    backward(loss, null);
  }

  /// [#backward(Tensor)] of any tensor, from a given gradient of the loss with respect to it; null
  /// stands for ones.
  public void backward(Tensor y, Tensor dy) {
    y.checkUsable("backward", device);
    if (!recording) {
      throw new IllegalStateException(
          "backward: this tape doesn't record; open it with Tape.train, not Tape.infer");
    }
    if (!y.wantsGrad()) {
      throw new IllegalStateException(
          "backward: the loss is detached: no parameter or variable that wants a gradient leads to"
              + " it. It was made by "
              + y.describeOrigin());
    }
    if (dy != null && !dy.shape().equals(y.shape())) {
      throw ShapeException.of(
          "backward", "the gradient must have the shape of y", y.shape(), dy.shape());
    }
    Slot seed = y.gradientSlot(device);
    if (dy != null) device.kernels().axpby(1, dy.span(), seed.adds() ? 1 : 0, seed.span());
    else device.kernels().fill(1, seed.span());
    while (!nodes.isEmpty()) {
      Node n = nodes.removeLast();
      try {
        if (n.out.hasGradient()) runBack(n);
      } finally {
        letGo(n);
      }
    }
  }

  private void runBack(Node n) {
    Back b = new Back(device, n);
    try {
      n.op.backward(b);
    } catch (OutOfDeviceMemory e) {
      throw e.in("backward of " + n.op.name());
    } finally {
      b.end();
    }
  }

  private static void letGo(Node n) {
    n.out.dropGradient();
    for (int i = 0; i < n.in.length; i++) if (n.op.savesInput(i)) n.in[i].storage().drop();
    if (n.op.savesOutput()) n.out.storage().drop();
    for (Storage s : n.kept) s.drop();
  }

  void ownGradient(Storage s) {
    outermost.add(s);
  }

  private void end() {
    while (!nodes.isEmpty()) letGo(nodes.removeLast());
    scope.forEach(Storage::drop);
  }
}
