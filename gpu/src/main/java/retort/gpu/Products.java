package retort.gpu;

import java.util.function.Consumer;
import retort.gpu.Launcher.Fold;
import retort.gpu.Launcher.Lie;
import retort.tensor.Convolution;
import retort.tensor.Kernels;
import retort.tensor.Product;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Matrix products by cuBLAS, and convolutions as products with the windows of the images written
/// out; those of more than one group, directly: convolution.cu.
interface Products extends Kernels {
  /// Windows written out at once, in floats: 256 MiB. Larger batches go in parts, so that a
  /// convolution's scratch doesn't grow with the batch.
  int MOST_WINDOWS = 1 << 26;

  Launcher gpu();

  Precision.Choice precisions();

  @Override
  default void matmul(Product p, Span a, Span b, Span bias, Slot c) {
    product(p, a, b, onto(bias, p.n(), c));
  }

  /// Puts the bias in place, for a product that is then added.
  private Slot onto(Span bias, int cols, Slot c) {
    if (bias == null) return c;
    int n = c.span().size();
    gpu().each("bias", n, n, cols, bias, c);
    return Slot.add(c.span());
  }

  private void product(Product p, Span a, Span b, Slot c) {
    if (c.span().size() == 0) return;
    if (p.k() == 0) {
      if (!c.adds()) fill(0, c.span());
      return;
    }
    Precision how = p.coarse() ? precisions().coarse() : precisions().all();
    if (how == Precision.BFLOAT16) {
      halved(a, x -> halved(b, y -> gpu().multiply(p, x, y, c, how)));
    } else {
      gpu().multiply(p, Buffer.address(a), Buffer.address(b), c, how);
    }
  }

  /// Lends a copy in bfloat16.
  private void halved(Span x, Consumer<Long> work) {
    int n = x.size();
    gpu()
        .scratch(
            (n + 1) / 2,
            y -> {
              gpu().each("bfloat16", n, n, x, y);
              work.accept(Buffer.address(y));
            });
  }

  // ---- convolutions

  /// The struct Convolution of the kernels.
  private static int[] struct(Convolution g) {
    return new int[] {
      g.n(),
      g.h(),
      g.w(),
      g.c(),
      g.f(),
      g.kh(),
      g.kw(),
      g.stride(),
      g.pad(),
      g.groups(),
      g.oh(),
      g.ow(),
      g.cg(),
      g.fg()
    };
  }

  private static boolean isProduct(Convolution g) {
    return g.kh() == 1 && g.kw() == 1 && g.stride() == 1 && g.pad() == 0;
  }

  /// A part of the batch: its geometry and its places of x and y.
  interface Part {
    void at(Convolution g, Span x, Span y, Span windows);
  }

  /// Goes through the batch in parts whose windows, `[rows, kh kw c]`, fit the scratch.
  private void inParts(Convolution g, Span x, Span y, Part part) {
    int inputs = g.h() * g.w() * g.c(), outputs = g.oh() * g.ow() * g.f();
    long windows = (long) g.oh() * g.ow() * g.kh() * g.kw() * g.c(); // of an image
    int images = isProduct(g) ? g.n() : Math.clamp(MOST_WINDOWS / windows, 1, g.n());
    for (int from = 0; from < g.n(); from += images) {
      int n = Math.min(images, g.n() - from);
      Convolution some =
          new Convolution(
              n, g.h(), g.w(), g.c(), g.f(), g.kh(), g.kw(), g.stride(), g.pad(), g.groups());
      Span xs = x.slice(from * inputs, n * inputs), ys = y.slice(from * outputs, n * outputs);
      if (isProduct(g)) part.at(some, xs, ys, xs);
      else gpu().scratch(Math.toIntExact(n * windows), w -> part.at(some, xs, ys, w));
    }
  }

  private void writeWindows(Convolution g, Span x, Span windows) {
    int n = windows.size();
    if (!isProduct(g)) gpu().each("windows", n, n, struct(g), x, windows);
  }

  private static int rows(Convolution g) {
    return g.n() * g.oh() * g.ow();
  }

  private static int depth(Convolution g) {
    return g.kh() * g.kw() * g.c();
  }

  @Override
  default void conv(Convolution g, Span x, Span weight, Span bias, Slot y) {
    if (g.groups() > 1) {
      int n = y.span().size();
      gpu().each("groupedConv", n, n, struct(g), x, weight, bias, y);
      return;
    }
    boolean adds = onto(bias, g.f(), y).adds();
    inParts(
        g,
        x,
        y.span(),
        (some, xs, ys, windows) -> {
          writeWindows(some, xs, windows);
          Product p = Product.of(rows(some), g.f(), depth(g), false, true);
          product(p, windows, weight, new Slot(ys, adds));
        });
  }

  @Override
  default void convGradInput(Convolution g, Span dy, Span weight, Slot dx) {
    if (dx == null) return;
    if (g.groups() > 1) {
      int n = dx.span().size();
      gpu().each("groupedGradInput", n, n, struct(g), dy, weight, dx);
      return;
    }
    inParts(
        g,
        dx.span(),
        dy,
        (some, xs, ys, windows) -> {
          Product p = Product.of(rows(some), depth(g), g.f(), false, false);
          Slot to = new Slot(xs, dx.adds());
          if (isProduct(g)) {
            product(p, ys, weight, to);
            return;
          }
          product(p, ys, weight, Slot.write(windows));
          gpu().each("windowsGrad", xs.size(), xs.size(), struct(some), windows, to);
        });
  }

  @Override
  default void convGradWeight(Convolution g, Span dy, Span x, Slot dweight) {
    if (dweight == null) return;
    if (g.groups() > 1) {
      Object[] terms = {struct(g), dy, x};
      Fold fold = new Fold("groupedGradWeight", terms, "groupedGradWeight", struct(g), dweight);
      gpu().fold(fold, 1, dweight.span().size(), rows(g), Lie.DESTINATIONS_TOGETHER);
      return;
    }
    boolean[] adds = {dweight.adds()};
    inParts(
        g,
        x,
        dy,
        (some, xs, ys, windows) -> {
          writeWindows(some, xs, windows);
          Product p = Product.of(g.f(), depth(g), rows(some), true, false);
          product(p, ys, windows, new Slot(dweight.span(), adds[0]));
          adds[0] = true; // the next part of the batch
        });
  }
}
