package retort.experiments.bench;

import java.util.List;
import retort.tensor.Kernels;
import retort.tensor.Product;
import retort.tensor.Shape;
import retort.tensor.Slot;
import retort.tensor.Span;

/// A single matrix product, `[m, k] x [k, n]`.
public record MatrixProduct(Product product) implements KernelWork {
  static MatrixProduct of(int m, int n, int k) {
    return new MatrixProduct(Product.of(m, n, k, false, false));
  }

  @Override
  public String name() {
    Product p = product;
    String transposed = (p.transposeA() ? "T" : "N") + (p.transposeB() ? "T" : "N");
    return "sgemm " + p.m() + "x" + p.n() + "x" + p.k() + " " + transposed;
  }

  @Override
  public Family family() {
    return Family.SGEMM;
  }

  @Override
  public double amount() {
    return 2.0 * product.macs();
  }

  @Override
  public List<Shape> inputs() {
    int m = product.m(), n = product.n(), k = product.k();
    return List.of(
        product.transposeA() ? Shape.of(k, m) : Shape.of(m, k),
        product.transposeB() ? Shape.of(n, k) : Shape.of(k, n));
  }

  @Override
  public List<Shape> outputs() {
    return List.of(Shape.of(product.m(), product.n()));
  }

  @Override
  public void run(Kernels k, Span[] in, Span[] out) {
    k.matmul(product, in[0], in[1], null, new Slot(out[0], false));
  }
}
