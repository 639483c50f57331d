package retort.tensor;

import java.util.ArrayList;
import java.util.List;

/// What an operation sees on the way forward.
public final class Forward {
  private final Device device;
  private final Tensor[] in;
  private final Tensor out;
  private final Storage[] kept;

  private final List<Storage> scratch = new ArrayList<>(0);

  Forward(Device device, Tensor[] in, Tensor out, Storage[] kept) {
    this.device = device;
    this.in = in;
    this.out = out;
    this.kept = kept;
  }

  public Kernels kernels() {
    return device.kernels();
  }

  /// How many inputs there are; an operation may have optional ones at the end.
  public int inputs() {
    return in.length;
  }

  /// The numbers of an input, or null past the last.
  public Span x(int input) {
    return input < in.length ? in[input].span() : null;
  }

  public Shape shape(int input) {
    return in[input].shape();
  }

  /// The shapes of all inputs.
  public Shape[] shapes() {
    Shape[] s = new Shape[in.length];
    for (int i = 0; i < s.length; i++) s[i] = in[i].shape();
    return s;
  }

  /// Where the result goes; undefined until it is written.
  public Span y() {
    return out.span();
  }

  public Shape yShape() {
    return out.shape();
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

  /// A side result asked for by [Op#keeps].
  public Span kept(int i) {
    return kept[i].span();
  }
}
