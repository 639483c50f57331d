package retort.tensor;

/// The geometry of a 2-d convolution: x `[n, h, w, c]`, weights `[f, kh, kw, c / groups]`, y `[n,
/// oh, ow, f]`. Output channels `[g f / groups, (g + 1) f / groups)` read the input channels of
/// group g alone; `groups == c` is a depthwise convolution.
public record Convolution(
    int n, int h, int w, int c, int f, int kh, int kw, int stride, int pad, int groups) {

  public int oh() {
    return (h + 2 * pad - kh) / stride + 1;
  }

  public int ow() {
    return (w + 2 * pad - kw) / stride + 1;
  }

  /// Input channels a group.
  public int cg() {
    return c / groups;
  }

  /// Output channels a group.
  public int fg() {
    return f / groups;
  }

  public Shape x() {
    return Shape.of(n, h, w, c);
  }

  public Shape weight() {
    return Shape.of(f, kh, kw, cg());
  }

  public Shape y() {
    return Shape.of(n, oh(), ow(), f);
  }

  /// Multiply-accumulates of one forward pass.
  public long macs() {
    return (long) n * oh() * ow() * f * kh * kw * cg();
  }
}
