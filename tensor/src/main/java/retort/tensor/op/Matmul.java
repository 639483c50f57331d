package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Product;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;

/// a `[.., m, k]` times b `[.., k, n]`, either one optionally stored transposed; the leading axes
/// agree.
public record Matmul(boolean transposeA, boolean transposeB) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape a = in[0], b = in[1];
    int r = a.rank();
    if (r < 2 || b.rank() != r || !a.without(r - 2, r).equals(b.without(r - 2, r))) {
      throw ShapeException.of(
          name(), "wants [.., m, k] and [.., k, n] with the same leading axes", in);
    }
    if (a.at(transposeA ? -2 : -1) != b.at(transposeB ? -1 : -2)) {
      throw ShapeException.of(
          name(),
          "inner dimensions must agree, got "
              + a.at(transposeA ? -2 : -1)
              + " and "
              + b.at(transposeB ? -1 : -2)
              + (transposeA ? ", a transposed" : "")
              + (transposeB ? ", b transposed" : ""),
          in);
    }
    return a.with(-2, a.at(transposeA ? -1 : -2)).with(-1, b.at(transposeB ? -2 : -1));
  }

  private static Product product(int batch, int m, int n, int k, boolean ta, boolean tb) {
    return new Product(batch, m, n, k, ta, tb, true, true);
  }

  @Override
  public void forward(Forward f) {
    Shape y = f.yShape();
    int k = f.shape(0).at(transposeA ? -2 : -1);
    f.kernels()
        .matmul(
            product(y.span(0, y.rank() - 2), y.at(-2), y.at(-1), k, transposeA, transposeB),
            f.x(0),
            f.x(1),
            null,
            Slot.write(f.y()));
  }

  @Override
  public void backward(Back b) {
    Shape y = b.yShape();
    int batch = y.span(0, y.rank() - 2), m = y.at(-2), n = y.at(-1);
    int k = b.shape(0).at(transposeA ? -2 : -1);
    if (b.wants(0)) { // dA = dC op(B)^T, stored as A is
      if (transposeA) {
        b.kernels()
            .matmul(product(batch, k, m, n, transposeB, true), b.x(1), b.dy(), null, b.slot(0));
      } else {
        b.kernels()
            .matmul(product(batch, m, k, n, false, !transposeB), b.dy(), b.x(1), null, b.slot(0));
      }
    }
    if (b.wants(1)) { // dB = op(A)^T dC, stored as B is
      if (transposeB) {
        b.kernels()
            .matmul(product(batch, n, k, m, true, transposeA), b.dy(), b.x(0), null, b.slot(1));
      } else {
        b.kernels()
            .matmul(product(batch, k, n, m, !transposeA, false), b.x(0), b.dy(), null, b.slot(1));
      }
    }
  }
}
