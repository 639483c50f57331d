package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Product;
import retort.tensor.Reduction;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// y = x W^T + b, with x `[.., i]`, W `[o, i]` and an optional b `[o]`.
///
/// @param coarse see [Product#coarse]
public record Linear(boolean coarse) implements Op {
  public Linear() {
    this(false);
  }

  @Override
  public Shape shape(Shape... in) {
    Shape x = in[0], w = in[1];
    if (x.rank() < 1 || w.rank() != 2 || x.last() != w.at(1)) {
      throw ShapeException.of(name(), "wants x [.., i] and weight [o, i] with the same i", in);
    }
    if (in.length > 2 && !in[2].equals(Shape.of(w.at(0)))) {
      throw ShapeException.of(name(), "wants a bias [o] for the weight [o, i]", in);
    }
    return x.with(-1, w.at(0));
  }

  @Override
  public void forward(Forward f) {
    int rows = f.shape(0).rows(), i = f.shape(1).at(1), o = f.shape(1).at(0);
    Product p = product(rows, o, i, false, true);
    f.kernels().matmul(p, f.x(0), f.x(1), f.x(2), Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    int rows = b.shape(0).rows(), i = b.shape(1).at(1), o = b.shape(1).at(0);
    if (b.wants(0)) {
      b.kernels().matmul(product(rows, i, o, false, false), b.dy(), b.x(1), null, b.slot(0));
    }
    if (b.wants(1)) {
      b.kernels().matmul(product(o, i, rows, true, false), b.dy(), b.x(0), null, b.slot(1));
    }
    if (b.wants(2)) {
      b.kernels().reduce(Reduction.SUM, 1, rows, o, b.dy(), b.slot(2));
    }
  }

  private Product product(int m, int n, int k, boolean ta, boolean tb) {
    return Product.of(m, n, k, ta, tb).coarse(coarse);
  }

  @Override
  public boolean savesInput(int input) {
    return input < 2;
  }
}
