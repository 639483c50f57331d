package retort.tensor;

import java.util.ArrayList;
import java.util.List;

/// What an operation sees on the way back: its gradient `dy`, what it saved, and a slot for each
/// input's gradient. A slot is null where no gradient is wanted.
public final class Back {
  private final Device device;
  private final Tape.Node node;
  private final List<Storage> scratch = new ArrayList<>(0);

  Back(Device device, Tape.Node node) {
    this.device = device;
    this.node = node;
  }

  public Kernels kernels() {
    return device.kernels();
  }

  public int inputs() {
    return node.in().length;
  }

  /// The numbers of an input that [Op#savesInput] saved, or null past the last.
  public Span x(int input) {
    return input < inputs() ? node.in()[input].span() : null;
  }

  public Shape shape(int input) {
    return node.in()[input].shape();
  }

  public Shape[] shapes() {
    Shape[] s = new Shape[inputs()];
    for (int i = 0; i < s.length; i++) s[i] = shape(i);
    return s;
  }

  /// The result, where [Op#savesOutput] saved it.
  public Span y() {
    return node.out().span();
  }

  public Shape yShape() {
    return node.out().shape();
  }

  /// The gradient of the loss with respect to the result.
  public Span dy() {
    return node.out().gradientSpan();
  }

  public Span kept(int i) {
    return node.kept()[i].span();
  }

  /// Room for numbers that only this call needs; undefined until it is written.
  public Span scratch(int size) {
    Storage s = new Storage(device, size);
    scratch.add(s);
    return s.span();
  }

  void end() {
    scratch.forEach(Storage::drop);
  }

  /// Whether anybody wants the gradient of an input.
  public boolean wants(int input) {
    return input < inputs() && node.in()[input].wantsGrad();
  }

  /// Where the gradient of an input lands, or null. Asking is promising: what is asked for must be
  /// filled, and asked for once.
  public Slot slot(int input) {
    if (!wants(input)) return null;
    // The same tensor twice: both gradients land in one place, so both must add.
    return isTwice(input) ? sum(input) : node.in()[input].gradientSlot(device);
  }

  private boolean isTwice(int input) {
    for (int i = 0; i < inputs(); i++) {
      if (i != input && node.in()[input].sharesGradientWith(node.in()[i])) return true;
    }
    return false;
  }

  /// [#slot], over [#dy] itself where that can be: for one gradient of a verb that reads no number
  /// of dy again when it has written over it. What is overwritten needn't come from memory first.
  public Slot slotOverDy(int input) {
    if (!wants(input) || isTwice(input)) return slot(input);
    return node.in()[input].takeGradient(node.out()) ? Slot.write(dy()) : slot(input);
  }

  /// The slot of an input, holding numbers already (zeros if it was fresh): for gradients that
  /// touch only part of it, or touch places more than once.
  public Slot sum(int input) {
    if (!wants(input)) return null;
    Slot s = node.in()[input].gradientSlot(device);
    if (!s.adds()) kernels().fill(0, s.span());
    return Slot.add(s.span());
  }

  /// [#sum] as a bare span, or null.
  public Span sumSpan(int input) {
    Slot s = sum(input);
    return s == null ? null : s.span();
  }
}
