package retort.gendd.diffusion;

import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.tensor.Parameter;
import retort.tensor.Tensor;

/// A value with its derivative along one direction: forward-mode differentiation of the head, a
/// rule an operation. The tangent is null where nothing changes; then an operation costs what it
/// always costs, so values and derivatives share one program.
record Dual(Tensor value, Tensor tangent) {
  static Dual constant(Tensor value) {
    return new Dual(value, null);
  }

  private static Tensor sum(Tensor a, Tensor b) {
    return a == null ? b : b == null ? a : a.add(b);
  }

  Dual add(Dual b) {
    return new Dual(value.add(b.value), sum(tangent, b.tangent));
  }

  Dual linear(Linear layer) {
    return new Dual(
        layer.apply(value), tangent == null ? null : tangent.linear(layer.weight(), null));
  }

  /// (x s)' = x' (s + x s (1 - s)), s = sigmoid(x)
  Dual silu() {
    if (tangent == null) return constant(value.silu());
    Tensor s = value.sigmoid();
    Tensor slope = s.add(value.mul(s).mul(s.affine(-1, 1)));
    return new Dual(value.silu(), tangent.mul(slope));
  }

  /// q = (x - mean) / S has q' = (c - q mean(q c)) / S, c = x' - mean(x').
  Dual layerNorm(LayerNorm norm) {
    Tensor y = norm.apply(value);
    if (tangent == null) return constant(y);
    Tensor centred = centred(value), c = centred(tangent);
    Tensor deviation = mean(centred.square()).add(norm.eps()).sqrt();
    Tensor q = centred.div(deviation);
    Tensor dq = c.sub(q.mul(mean(q.mul(c)))).div(deviation);
    Parameter scale = norm.weight();
    return new Dual(y, scale == null ? dq : dq.mul(scale));
  }

  private static Tensor centred(Tensor x) {
    return x.sub(mean(x));
  }

  private static Tensor mean(Tensor x) {
    return x.mean(-1).reshape(-1, 1);
  }

  /// Shift and scale are columns of `ada`; see [Tensor#modulate].
  Dual modulate(Dual ada, int shift, int scale) {
    int c = value.shape().last();
    Tensor change = null;
    if (tangent != null) change = tangent.mul(ada.value.narrow(1, scale, c).add(1));
    if (ada.tangent != null) {
      Tensor stretched = value.mul(ada.tangent.narrow(1, scale, c));
      change = sum(change, stretched.add(ada.tangent.narrow(1, shift, c)));
    }
    return new Dual(value.modulate(ada.value, shift, scale), change);
  }

  /// The gate is columns of `ada`; see [Tensor#gatedAdd].
  Dual gatedAdd(Dual ada, int gate, Dual u) {
    int c = value.shape().last();
    Tensor change = tangent;
    if (ada.tangent != null) change = sum(change, ada.tangent.narrow(1, gate, c).mul(u.value));
    if (u.tangent != null) change = sum(change, ada.value.narrow(1, gate, c).mul(u.tangent));
    return new Dual(value.gatedAdd(ada.value, gate, u.value), change);
  }

  /// Rows repeated until there are n.
  Dual repeat(int n) {
    return new Dual(repeat(value, n), tangent == null ? null : repeat(tangent, n));
  }

  static Tensor repeat(Tensor x, int n) {
    int m = x.shape().at(0), c = x.shape().last();
    return m == n ? x : x.reshape(1, m, c).expand(n / m, m, c).reshape(n, c);
  }
}
