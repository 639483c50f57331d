package retort.tensor.op;

import retort.tensor.Back;
import retort.tensor.Binary;
import retort.tensor.Broadcast;
import retort.tensor.Forward;
import retort.tensor.Op;
import retort.tensor.Product;
import retort.tensor.Reduction;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Slot;
import retort.tensor.Span;

/// y = softmax(scale q k^T + bias) v, a head by itself (Vaswani et al., "Attention is all you
/// need", arXiv 1706.03762, section 3.2.1). q `[n, h, t, d]`, k and v `[n, h, s, d]`, and an
/// optional bias `[h, t, s]` that all n share, such as one of relative positions.
///
/// The attention weights `[n, h, t, s]` are kept for the way back; the scores before the softmax
/// aren't.
public record Attention(double scale) implements Op {
  @Override
  public Shape shape(Shape... in) {
    Shape q = in[0], k = in[1], v = in[2];
    boolean fit = q.rank() == 4 && k.rank() == 4 && k.equals(v) && k.equals(q.with(2, k.at(2)));
    if (!fit) {
      throw ShapeException.of(
          name(), "wants q [n, h, t, d] and k, v [n, h, s, d] with the same n, h and d", in);
    }
    if (in.length > 3 && !in[3].equals(Shape.of(q.at(1), q.at(2), k.at(2)))) {
      throw ShapeException.of(
          name(), "wants a bias [h, t, s] for q [n, h, t, d] and k [n, h, s, d]", in);
    }
    return q;
  }

  @Override
  public int[] keeps(Shape... in) {
    return new int[] {weights(in[0], in[1]).size()};
  }

  private static Shape weights(Shape q, Shape k) {
    return q.with(3, k.at(2));
  }

  private static Product product(Shape q, int m, int n, int k, boolean ta, boolean tb) {
    return new Product(q.at(0) * q.at(1), m, n, k, ta, tb, true, true);
  }

  @Override
  public void forward(Forward f) {
    Shape q = f.shape(0), w = weights(q, f.shape(1));
    int t = q.at(2), s = w.at(3), d = q.at(3);
    Span scores = f.scratch(w.size());
    f.kernels().matmul(product(q, t, s, d, false, true), f.x(0), f.x(1), null, Slot.write(scores));
    f.kernels().axpby(scale, scores, 0, scores);
    if (f.inputs() > 3) {
      Broadcast g = Broadcast.of(name(), w, f.shape(3));
      f.kernels().binary(Binary.ADD, g, scores, f.x(3), scores);
    }
    f.kernels().softmax(w.rows(), s, false, scores, f.kept(0));
    Slot y = Slot.write(f.y());
    f.kernels().matmul(product(q, t, d, s, false, false), f.kept(0), f.x(2), null, y);
  }

  @Override
  public void backward(Back b) {
    Shape q = b.shape(0), w = weights(q, b.shape(1));
    int t = q.at(2), s = w.at(3), d = q.at(3);
    Span p = b.kept(0);
    if (b.wants(2)) {
      b.kernels().matmul(product(q, s, d, t, true, false), p, b.dy(), null, b.slot(2));
    }
    if (!b.wants(0) && !b.wants(1) && !b.wants(3)) return;
    Span dp = b.scratch(w.size()), dscores = b.scratch(w.size());
    Slot ofWeights = Slot.write(dp);
    b.kernels().matmul(product(q, t, s, d, false, true), b.dy(), b.x(2), null, ofWeights);
    b.kernels().softmaxGrad(w.rows(), s, false, p, dp, Slot.write(dscores));
    if (b.wants(3)) {
      int inner = b.shape(3).size();
      b.kernels().reduce(Reduction.SUM, 1, q.at(0), inner, dscores, b.slot(3));
    }
    b.kernels().axpby(scale, dscores, 0, dscores);
    if (b.wants(0)) {
      b.kernels().matmul(product(q, t, d, s, false, false), dscores, b.x(1), null, b.slot(0));
    }
    if (b.wants(1)) {
      b.kernels().matmul(product(q, s, d, t, true, false), dscores, b.x(0), null, b.slot(1));
    }
  }

  @Override
  public boolean savesInput(int input) {
    return input < 3;
  }
}
