package retort.tensor;

/// A tensor that outlives every tape, with its gradient: what an optimiser updates.
///
/// [#zeroGrad] costs nothing: it only says that the next backward writes the gradient instead of
/// adding to it. Backward passes in between add up, which is gradient accumulation.
public final class Parameter extends Tensor {
  private boolean trainable = true;

  private Parameter(Shape shape, Storage storage) {
    super(shape, storage, 0, true, null);
    persist();
  }

  public static Parameter of(Device device, Shape shape, float... values) {
    checkCount("parameter", shape, values.length);
    Parameter p = new Parameter(shape, new Storage(device, shape.size()));
    device.write(values, 0, p.span());
    return p;
  }

  public static Parameter of(Device device, Shape shape, double[] values) {
    checkCount("parameter", shape, values.length);
    Parameter p = new Parameter(shape, new Storage(device, shape.size()));
    device.write(values, 0, p.span());
    return p;
  }

  /// Whether backward computes its gradient; false freezes it.
  @Override
  public boolean wantsGrad() {
    return trainable;
  }

  public Parameter trainable(boolean trainable) {
    this.trainable = trainable;
    if (!trainable) dropGradient();
    return this;
  }

  /// The next backward starts the gradient anew.
  public void zeroGrad() {
    forgetGradient();
  }

  /// The gradient's numbers, or null where no backward has reached it since [#zeroGrad].
  public Span gradSpan() {
    return hasGradient() ? gradientSpan() : null;
  }
}
