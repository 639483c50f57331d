package retort.gendd.theory;

/// The gradients that Theorem 1 of "Generative distribution distillation" (arXiv 2507.14503) is
/// about, at one generated feature xhat, in double precision: how far training on contracted
/// targets is the same as reconstructing the teacher's feature and classifying it at once.
///
/// @param f the teacher's feature `[d]`
/// @param w the rows of its frozen linear classifier `[classes][d]`
/// @param b its bias `[classes]`
/// @param y the label, whose row is the centre
/// @param lambda the degree of contraction
/// @param omega alphaBar / (1 - alphaBar) of the diffusion step
public record Contraction(
    double[] f, double[][] w, double[] b, int y, double lambda, double omega) {
  /// Of the diffusion loss omega |xhat - ((1 - lambda) f + lambda w_y)|^2.
  public double[] generative(double[] xhat) {
    double[] g = new double[f.length];
    for (int j = 0; j < g.length; j++)
      g[j] = 2 * omega * (xhat[j] - (1 - lambda) * f[j] - lambda * w[y][j]);
    return g;
  }

  /// Of the reconstruction loss omega |xhat - target|^2.
  public double[] reconstruction(double[] xhat, double[] target) {
    double[] g = new double[f.length];
    for (int j = 0; j < g.length; j++) g[j] = 2 * omega * (xhat[j] - target[j]);
    return g;
  }

  /// The classifier's probabilities of xhat.
  public double[] probabilities(double[] xhat) {
    double[] p = new double[w.length];
    double largest = Double.NEGATIVE_INFINITY, sum = 0;
    for (int k = 0; k < p.length; k++) largest = Math.max(largest, p[k] = dot(w[k], xhat) + b[k]);
    for (int k = 0; k < p.length; k++) sum += p[k] = Math.exp(p[k] - largest);
    for (int k = 0; k < p.length; k++) p[k] /= sum;
    return p;
  }

  /// 1 - p_y as the sum of the others, which is right however near to 0 it is.
  public double doubt(double[] xhat) {
    double[] p = probabilities(xhat);
    double rest = 0;
    for (int k = 0; k < p.length; k++) if (k != y) rest += p[k];
    return rest;
  }

  /// Of the cross-entropy through the classifier: -(1 - p_y) (w_y - wbar).
  public double[] classification(double[] xhat) {
    double[] p = probabilities(xhat), g = new double[f.length];
    double doubt = doubt(xhat);
    for (int k = 0; k < w.length; k++) {
      double coefficient = k == y ? -doubt : p[k];
      for (int j = 0; j < g.length; j++) g[j] += coefficient * w[k][j];
    }
    return g;
  }

  /// The mean row of the other classes, weighed by their probabilities.
  public double[] others(double[] xhat) {
    double[] p = probabilities(xhat), mean = new double[f.length];
    double rest = doubt(xhat);
    for (int k = 0; k < w.length; k++) {
      if (k == y) continue;
      for (int j = 0; j < mean.length; j++) mean[j] += p[k] / rest * w[k][j];
    }
    return mean;
  }

  /// The weight of the cross-entropy, 2 omega lambda / (1 - p_y), that makes the pulls along w_y of
  /// both objectives equal. It depends on the step and on the image: it is no constant.
  public double matchingWeight(double[] xhat) {
    return 2 * omega * lambda / doubt(xhat);
  }

  /// Of the multi-task objective: reconstruction of `target` plus the weighted cross-entropy.
  public double[] multiTask(double[] xhat, double[] target, double weight) {
    double[] g = reconstruction(xhat, target), c = classification(xhat);
    for (int j = 0; j < g.length; j++) g[j] += weight * c[j];
    return g;
  }

  /// (1 - lambda) f: the reconstruction target for which the two objectives agree but for wbar.
  public double[] scaledFeature() {
    double[] s = f.clone();
    for (int j = 0; j < s.length; j++) s[j] *= 1 - lambda;
    return s;
  }

  /// Whether the classifier names the label at the minimum of the generative loss, (1 - lambda) f +
  /// lambda w_y.
  public boolean labelWins() {
    for (int k = 0; k < w.length; k++) {
      if (k == y) continue;
      double pull = lambda * (dot(w[y], w[y]) - dot(w[k], w[y]));
      if (!(pull > (1 - lambda) * (dot(f, w[k]) - dot(f, w[y])) + b[k] - b[y])) return false;
    }
    return true;
  }

  private static double dot(double[] a, double[] c) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) sum += a[j] * c[j];
    return sum;
  }
}
