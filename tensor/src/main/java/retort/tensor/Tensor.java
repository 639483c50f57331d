package retort.tensor;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A shape over a span of a device buffer. Immutable to its users; contiguous and row-major. A view
/// (reshape, narrow on the first axis, detach) shares the buffer of its base, and its gradient is a
/// part of its base's gradient.
///
/// The operations are in [TensorOps]; this class holds what a tensor *is*.
public sealed class Tensor extends TensorOps permits Parameter {
  /// What made a tensor: kept to explain a detached loss.
  record Origin(Op op, Tensor[] in) {}

  private final Shape shape;
  private final Storage storage;
  private final int at;
  private final boolean wantsGrad;
  private final Origin origin;
  private final Tensor base; // whose gradient holds mine; this, unless a view
  private final Tensor viewed;
  private boolean persistent;
  private Storage gradient;
  private boolean gradientWritten;

  Tensor(Shape shape, Storage storage, int at, boolean wantsGrad, Origin origin) {
    this.shape = shape;
    this.storage = storage;
    this.at = at;
    this.wantsGrad = wantsGrad;
    this.origin = origin;
    base = this;
    viewed = null;
  }

  private Tensor(Shape shape, Tensor of, int from, boolean wantsGrad) {
    this.shape = shape;
    storage = of.storage;
    at = of.at + from;
    this.wantsGrad = wantsGrad;
    origin = of.origin;
    base = wantsGrad ? of.base : this;
    viewed = of;
    persistent = of.persistent;
  }

  /// A tensor that outlives every tape and wants no gradient, such as a running mean.
  public static Tensor persistent(Device device, Shape shape, float... values) {
    checkCount("persistent", shape, values.length);
    Tensor t = new Tensor(shape, new Storage(device, shape.size()), 0, false, null);
    t.persistent = true;
    device.write(values, 0, t.span());
    return t;
  }

  @Override
  public final Shape shape() {
    return shape;
  }

  public final Device device() {
    return storage.device;
  }

  /// Whether a backward pass computes a gradient for it.
  public boolean wantsGrad() {
    return wantsGrad;
  }

  public final boolean isPersistent() {
    return persistent;
  }

  /// False once its scope has ended and no node saves it.
  public final boolean isLive() {
    return storage.isLive();
  }

  // ---- numbers out and in

  public final float[] toFloats() {
    float[] out = new float[shape.size()];
    device().read(liveSpan("toFloats"), out, 0);
    return out;
  }

  public final double[] toDoubles() {
    double[] out = new double[shape.size()];
    device().read(liveSpan("toDoubles"), out, 0);
    return out;
  }

  /// The one number of a tensor of size 1.
  public final double item() {
    if (shape.size() != 1) throw ShapeException.of("item", "wants a tensor of one number", shape);
    return toDoubles()[0];
  }

  /// Overwrites a persistent tensor.
  public final void set(float... values) {
    checkMutable("set");
    checkCount("set", shape, values.length);
    device().write(values, 0, span());
  }

  /// Overwrites a persistent tensor.
  public final void set(double[] values) {
    checkMutable("set");
    checkCount("set", shape, values.length);
    device().write(values, 0, span());
  }

  /// this = keep this + weight value, in place, for a persistent tensor such as a running mean.
  public final void blend(double keep, double weight, Tensor value) {
    checkMutable("blend");
    if (!value.shape().equals(shape))
      throw ShapeException.of("blend", "wants equal shapes", shape, value.shape());
    device().kernels().axpby(weight, value.liveSpan("blend"), keep, span());
  }

  /// Whether a backward has reached it: for a parameter, since its last `zeroGrad`.
  public final boolean hasGrad() {
    return hasGradient();
  }

  /// The gradient as a tensor of the same shape. It lives as long as the tensor's own gradient: to
  /// the end of the tape for a variable.
  public final Tensor grad() {
    if (!hasGradient()) {
      throw new IllegalStateException(
          "grad: no backward has reached this tensor "
              + shape
              + (wantsGrad() ? "" : "; it doesn't want a gradient"));
    }
    Tensor g = new Tensor(shape, base.gradient, at - base.at, false, null);
    g.persistent = persistent;
    return g;
  }

  // ---- views

  final Tensor view(Shape newShape, int from) {
    return new Tensor(newShape, this, from, wantsGrad());
  }

  /// The tensor whose buffer it shows, or null for one with a buffer of its own.
  public final Tensor viewed() {
    return viewed;
  }

  /// Where in the tensor that it views its numbers begin.
  public final int viewedFrom() {
    return viewed == null ? 0 : at - viewed.at;
  }

  final Tensor detachedView() {
    return new Tensor(shape, this, 0, false);
  }

  // ---- for the tape and the devices

  /// Where its numbers lie.
  public final Span span() {
    return storage.span().slice(at, shape.size());
  }

  private Span liveSpan(String what) {
    if (!storage.isLive()) throw dead(what);
    return span();
  }

  final Storage storage() {
    return storage;
  }

  final void persist() {
    persistent = true;
  }

  final void checkUsable(String op, Device on) {
    if (!storage.isLive()) throw dead(op);
    if (storage.device != on) {
      throw new IllegalStateException(
          op
              + ": a tensor "
              + shape
              + " of device '"
              + storage.device.name()
              + "' was used on a tape of device '"
              + on.name()
              + "'; make both on one device");
    }
  }

  private IllegalStateException dead(String op) {
    return new IllegalStateException(
        op
            + ": the tensor "
            + shape
            + " was used after its scope ended; return it from tidy, or hold"
            + " it to the end of the tape with Tape.keep");
  }

  private void checkMutable(String what) {
    if (!persistent) {
      throw new IllegalStateException(
          what
              + ": only parameters and persistent tensors change in place, this one "
              + shape
              + " belongs to a tape");
    }
  }

  static void checkCount(String what, Shape shape, int count) {
    if (shape.size() != count) {
      throw new ShapeException(
          what + ": the shape " + shape + " holds " + shape.size() + " numbers, got " + count);
    }
  }

  // ---- gradients

  final boolean hasGradient() {
    return base.gradient != null && base.gradientWritten;
  }

  final Span gradientSpan() {
    return base.gradient.span().slice(at - base.at, shape.size());
  }

  final boolean sharesGradientWith(Tensor other) {
    return base == other.base;
  }

  /// The place where a gradient lands; after this call it counts as written.
  final Slot gradientSlot(Device on) {
    if (base.gradient == null) base.gradient = newGradient(on);
    boolean fresh = !base.gradientWritten;
    base.gradientWritten = true;
    boolean whole = shape.size() == base.shape.size();
    if (fresh && !whole) on.kernels().fill(0, base.gradient.span()); // a part: the rest is zero
    return new Slot(gradientSpan(), !(fresh && whole));
  }

  /// Takes over the memory of a result's gradient that is being read for the last time, if this
  /// tensor, a result too, has none yet and needs as much. It counts as written then.
  final boolean takeGradient(Tensor from) {
    boolean fits =
        shape.size() == base.shape.size() && from.base == from && from.shape.size() == shape.size();
    if (!fits || base.gradient != null || base.origin == null || base.persistent) return false;
    base.gradient = from.gradient.hold();
    return base.gradientWritten = true;
  }

  private Storage newGradient(Device on) {
    Storage s = new Storage(on, base.shape.size());
    // A result's gradient goes when its node has run back; a variable's lives to the end of the
    // tape,
    // a parameter's for ever.
    if (base.origin == null && !base.persistent) Tape.current().ownGradient(s);
    return s;
  }

  final void forgetGradient() {
    gradientWritten = false;
  }

  /// Gives the gradient's memory back.
  final void dropGradient() {
    if (gradient != null) gradient.drop();
    gradient = null;
    gradientWritten = false;
  }

  /// `mean <- mul <- input, ...`: the chain that led here, for messages.
  final String describeOrigin() {
    return origin == null ? "nothing: it is an input" : chain(4);
  }

  private String chain(int depth) {
    if (origin == null)
      return persistent ? (this instanceof Parameter ? "frozen parameter" : "constant") : "input";
    if (depth == 0) return "...";
    return origin.op().name()
        + "("
        + Stream.of(origin.in()).map(t -> t.chain(depth - 1)).collect(Collectors.joining(", "))
        + ")";
  }

  @Override
  public String toString() {
    return "Tensor" + shape + (isLive() ? "" : " (dead)");
  }
}
