package retort.tensor.cpu;

/// The optimisers' loops over a run of parameters; plain here, for the reasons given in [Runs].
class Steps {
  static final Steps STEPS = Simd.ON ? new VectorSteps() : new Steps();

  /// The constants of a step of Adam.
  ///
  /// @param unbias what v is multiplied with before its root is taken
  /// @param keep what is left of w after its decay
  /// @param step minus the rate, corrected for the bias of m
  record Adam(
      float beta1,
      float rest1,
      float beta2,
      float rest2,
      float unbias,
      float eps,
      float keep,
      float step) {}

  /// d = g + decay w; v = momentum v + d; w += direct d + carried v
  void sgd(
      float momentum,
      float decay,
      float direct,
      float carried,
      float[] g,
      int go,
      float[] v,
      int vo,
      float[] w,
      int wo,
      int n) {
    for (int i = 0; i < n; i++) {
      float d = Math.fma(decay, w[wo + i], g[go + i]);
      float velocity = Math.fma(momentum, v[vo + i], d);
      v[vo + i] = velocity;
      w[wo + i] = Math.fma(carried, velocity, Math.fma(direct, d, w[wo + i]));
    }
  }

  /// m = beta1 m + rest1 g; v = beta2 v + rest2 g^2; w = keep w + step m / (sqrt(unbias v) + eps)
  void adam(
      Adam a, float[] g, int go, float[] m, int mo, float[] v, int vo, float[] w, int wo, int n) {
    for (int i = 0; i < n; i++) {
      float slope = g[go + i];
      float mean = Math.fma(a.beta1, m[mo + i], a.rest1 * slope);
      float square = Math.fma(a.beta2, v[vo + i], a.rest2 * slope * slope);
      m[mo + i] = mean;
      v[vo + i] = square;
      float root = (float) Math.sqrt(a.unbias * square) + a.eps;
      w[wo + i] = Math.fma(a.keep, w[wo + i], a.step * mean / root);
    }
  }
}
