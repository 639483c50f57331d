package retort.gendd;

import retort.tensor.Tensor;

/// How far one set of class probabilities is from another, a row of logits at a time.
public final class Divergence {
  private Divergence() {}

  /// KL(p_teacher || p_student) of each row, p = softmax(logits / temperature), `[n]`. Gradients
  /// flow to whichever logits want them.
  public static Tensor kl(Tensor teacher, Tensor student, double temperature) {
    Tensor t = teacher.mul(1 / temperature).logSoftmax();
    Tensor s = student.mul(1 / temperature).logSoftmax();
    return t.exp().mul(t.sub(s)).sum(-1);
  }
}
