package retort.tensor;

/// The geometry of 2-d pooling: x `[n, h, w, c]`, y `[n, oh, ow, c]`. Padding is never part of a
/// maximum; in an average it counts as zeros when `countPad` says so (PyTorch's default).
public record Pooling(int n, int h, int w, int c, int k, int stride, int pad, boolean countPad) {

  public int oh() {
    return (h + 2 * pad - k) / stride + 1;
  }

  public int ow() {
    return (w + 2 * pad - k) / stride + 1;
  }

  public Shape y() {
    return Shape.of(n, oh(), ow(), c);
  }
}
