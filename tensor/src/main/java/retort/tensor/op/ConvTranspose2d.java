package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Convolution;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// The transpose of a convolution: x `[n, h, w, f]` spreads to y `[n, (h - 1) stride + kh - 2 pad,
/// .., c]` through the weight `[f, kh, kw, c]` of the convolution that it is the input gradient of.
public record ConvTranspose2d(int stride, int pad) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0], w = in[1];
    if (x.rank() != 4 || w.rank() != 4 || x.at(3) != w.at(0)) {
      throw ShapeException.of(
          name(), "wants x [n, h, w, f] and weight [f, kh, kw, c] with the same f", in);
    }
    int oh = (x.at(1) - 1) * stride + w.at(1) - 2 * pad;
    int ow = (x.at(2) - 1) * stride + w.at(2) - 2 * pad;
    if (oh < 1 || ow < 1) throw ShapeException.of(name(), "pad " + pad + " leaves no output", in);
    return Shape.of(x.at(0), oh, ow, w.at(3));
  }

  private Convolution geometry(Shape x, Shape w) {
    Shape y = shape(x, w);
    return new Convolution(
        y.at(0), y.at(1), y.at(2), y.at(3), w.at(0), w.at(1), w.at(2), stride, pad, 1);
  }

  @Override
  public void forward(Forward f) {
    Convolution g = geometry(f.shape(0), f.shape(1));
    f.kernels().convGradInput(g, f.x(0), f.x(1), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    Convolution g = geometry(b.shape(0), b.shape(1));
    if (b.wants(0)) b.kernels().conv(g, b.dy(), b.x(1), null, b.slot(0));
    if (b.wants(1)) b.kernels().convGradWeight(g, b.x(0), b.dy(), b.slot(1));
  }
}
