package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Convolution;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Reduction;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// y[n, i, j, f] = sum over a, b, c of x[n, i stride + a - pad, j stride + b - pad, c] w[f, a, b,
/// c] + bias[f]: a cross-correlation, as everywhere in the field. x `[n, h, w, c]`, w `[f, kh, kw,
/// c / groups]`, an optional bias `[f]`.
public record Conv2d(int stride, int pad, int groups) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0], w = in[1];
    if (x.rank() != 4 || w.rank() != 4) {
      throw ShapeException.of(
          name(), "wants x [n, h, w, c] and weight [f, kh, kw, c / groups]", in);
    }
    if (stride < 1 || pad < 0 || groups < 1) {
      throw ShapeException.of(
          name(),
          "stride " + stride + ", pad " + pad + ", groups " + groups + " make no sense",
          in);
    }
    if (x.at(3) % groups != 0 || w.at(0) % groups != 0 || w.at(3) != x.at(3) / groups) {
      throw ShapeException.of(
          name(),
          "channels must agree: x has "
              + x.at(3)
              + " in "
              + groups
              + " groups, the weight reads "
              + w.at(3)
              + " a group and makes "
              + w.at(0),
          in);
    }
    if (in.length > 2 && !in[2].equals(Shape.of(w.at(0)))) {
      throw ShapeException.of(
          name(), "wants a bias [f] for the weight [f, kh, kw, c / groups]", in);
    }
    Convolution g = geometry(x, w);
    if (x.at(1) + 2 * pad < g.kh() || x.at(2) + 2 * pad < g.kw()) {
      throw ShapeException.of(name(), "the kernel is larger than the padded image, pad " + pad, in);
    }
    return g.y();
  }

  private Convolution geometry(Shape x, Shape w) {
    return new Convolution(
        x.at(0), x.at(1), x.at(2), x.at(3), w.at(0), w.at(1), w.at(2), stride, pad, groups);
  }

  @Override
  public void forward(Forward f) {
    f.kernels().conv(geometry(f.shape(0), f.shape(1)), f.x(0), f.x(1), f.x(2), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    Convolution g = geometry(b.shape(0), b.shape(1));
    if (b.wants(0)) b.kernels().convGradInput(g, b.dy(), b.x(1), b.slot(0));
    if (b.wants(1)) b.kernels().convGradWeight(g, b.dy(), b.x(0), b.slot(1));
    if (b.wants(2)) {
      b.kernels().reduce(Reduction.SUM, 1, b.yShape().rows(), g.f(), b.dy(), b.slot(2));
    }
  }

  @Override
  public boolean savesInput(int input) {
    return input < 2;
  }
}
