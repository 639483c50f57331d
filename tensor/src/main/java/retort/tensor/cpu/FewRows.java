package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;

/// c `[m, n]` (+)= a `[m, k]` b^T (+ bias), b `[n, k]`, of few rows: what a linear layer does to a
/// single image, or to a time that all rows share. Packing b would take longer than the sums, so
/// each number is the scalar product of two rows as they lie.
record FewRows(Product p, Span a, Span b, Span bias, Slot c) {
  /// Up to this many rows: one row of 1024 x 1024 takes a tenth of the packed product's time, four
  /// rows of 3072 x 1024 a fifth, eight of 768 x 256 nearly all of it.
  private static final int MOST = 4;

  static boolean suits(Product p) {
    return p.batch() == 1 && p.m() <= MOST && p.transposeB() && !p.transposeA();
  }

  void run(Workers team) {
    Parts.rows(team, p.n(), p.k(), this::columns);
  }

  private void columns(int from, int to) {
    int k = p.k(), n = p.n();
    float[] x = (float[]) a.array(), w = (float[]) b.array(), y = (float[]) c.span().array();
    for (int j = from; j < to; j++) {
      double start = bias == null ? 0 : ((float[]) bias.array())[bias.at() + j];
      for (int i = 0; i < p.m(); i++) {
        double sum = start + RUNS.dot(x, a.at() + i * k, w, b.at() + j * k, k);
        int at = c.span().at() + i * n + j;
        y[at] = (float) (c.adds() ? y[at] + sum : sum);
      }
    }
  }
}
