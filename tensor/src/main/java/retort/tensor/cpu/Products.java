package retort.tensor.cpu;

import retort.tensor.Convolution;
import retort.tensor.Kernels;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Matrix products and convolutions.
interface Products extends Kernels {
  Workers workers();

  /// A product of fewer multiplications than this isn't worth sharing out; a batch of such products
  /// is.
  long ALONE = 1 << 22;

  /// A team of the caller alone.
  Workers CALLER = new Workers(1);

  @Override
  default void matmul(Product p, Span a, Span b, Span bias, Slot c) {
    if (c == null) return;
    if (FewRows.suits(p)) {
      new FewRows(p, a, b, bias, c).run(workers());
      return;
    }
    boolean stacked = p.batch() > 1 && p.batchedA() && !p.batchedB() && !p.transposeA();
    Product q = stacked ? Product.of(p.batch() * p.m(), p.n(), p.k(), false, p.transposeB()) : p;
    if (q.batch() == 1 || q.macs() / q.batch() >= ALONE) {
      for (int i = 0; i < q.batch(); i++) gemm(q, i, a, b, bias, c).run(workers());
    } else {
      workers().run(q.batch(), i -> gemm(q, i, a, b, bias, c).run(CALLER));
    }
  }

  /// The i-th product of a batch.
  private static Gemm gemm(Product p, int i, Span a, Span b, Span bias, Slot c) {
    int m = p.m(), n = p.n(), k = p.k();
    return new Gemm(
        m,
        n,
        k,
        matrix(a, p.batchedA() ? i * m * k : 0, m, k, p.transposeA()),
        matrix(b, p.batchedB() ? i * k * n : 0, k, n, p.transposeB()),
        bias == null ? null : (float[]) bias.array(),
        bias == null ? 0 : bias.at(),
        Landing.dense((float[]) c.span().array(), c.span().at() + i * m * n, c.adds(), n));
  }

  private static Operand matrix(Span s, int from, int rows, int columns, boolean transposed) {
    float[] a = (float[]) s.array();
    return transposed
        ? new Operand.Transposed(new Operand.Matrix(a, s.at() + from, rows))
        : new Operand.Matrix(a, s.at() + from, columns);
  }

  @Override
  default void conv(Convolution g, Span x, Span weight, Span bias, Slot y) {
    if (y == null) return;
    if (Depthwise.fits(g)) {
      new Depthwise(g, workers()).forward(x, weight, bias, y);
      return;
    }
    for (int i = 0; i < g.groups(); i++) Im2col.forward(g, i, x, weight, bias, y).run(workers());
  }

  @Override
  default void convGradInput(Convolution g, Span dy, Span weight, Slot dx) {
    if (dx == null) return;
    if (Depthwise.fits(g)) {
      new Depthwise(g, workers()).gradInput(dy, weight, dx);
      return;
    }
    for (int i = 0; i < g.groups(); i++) new GradInput(g, i, dy, weight, dx).run(workers());
  }

  @Override
  default void convGradWeight(Convolution g, Span dy, Span x, Slot dweight) {
    if (dweight == null) return;
    if (Depthwise.fits(g)) {
      new Depthwise(g, workers()).gradWeight(dy, x, dweight);
      return;
    }
    for (int i = 0; i < g.groups(); i++) Im2col.gradWeight(g, i, dy, x, dweight).run(workers());
  }
}
