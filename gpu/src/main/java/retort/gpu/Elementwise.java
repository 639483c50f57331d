package retort.gpu;

import retort.gpu.Launcher.Fold;
import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// Functions of one and of two numbers: elementwise.cu.
interface Elementwise extends Kernels {
  Launcher gpu();

  @Override
  default void unary(Unary f, double a, double b, Span x, Span y) {
    gpu().each("unary", y.size(), f.ordinal(), (float) a, (float) b, y.size(), x, y);
  }

  @Override
  default void unaryGrad(Unary f, double a, double b, Span x, Span y, Span dy, Slot dx) {
    if (dx == null) return;
    int n = dy.size();
    gpu().each("unaryGrad", n, f.ordinal(), (float) a, (float) b, n, x, y, dy, dx);
  }

  @Override
  default void binary(Binary f, Broadcast g, Span a, Span b, Span y) {
    int[] walk = new Axes(g.out().toArray(), g.a(), g.b()).merged().walk();
    gpu().each("binary", y.size(), f.ordinal(), y.size(), walk, a, b, y);
  }

  @Override
  default void binaryGrad(Binary f, Broadcast g, Span a, Span b, Span dy, Slot da, Slot db) {
    if (da != null) gradient(f, 0, g, a, b, dy, da);
    if (db != null) gradient(f, 1, g, a, b, dy, db);
  }

  /// Of the first or the second operand: each number of it sums over the axes that it was stretched
  /// along.
  private void gradient(Binary f, int second, Broadcast g, Span a, Span b, Span dy, Slot d) {
    int[] dims = g.out().toArray();
    if (d.span().size() == dy.size()) {
      int[] walk = new Axes(dims, g.a(), g.b()).merged().walk();
      gpu().each("binaryGrad", dy.size(), f.ordinal(), second, dy.size(), walk, a, b, dy, d);
      return;
    }
    int[] mine = second == 0 ? g.a() : g.b(), other = second == 0 ? g.b() : g.a();
    Axes all = new Axes(dims, g.out().strides(), other);
    Axes own = all.only(i -> mine[i] != 0).merged(), rest = all.only(i -> mine[i] == 0).merged();
    Span x = second == 0 ? a : b, z = second == 0 ? b : a;
    Object[] terms = {f.ordinal(), second, own.walk(), rest.walk(), x, z, dy};
    Fold fold = new Fold("binaryGrad", terms, "sum", 1.0, d);
    gpu().fold(fold, 1, d.span().size(), rest.size(), rest.lie());
  }
}
