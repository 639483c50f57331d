package retort.tensor.gradcheck;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Compares single numbers along random directions: `<u, J v>` by differences against `<vjp(u), v>`
/// by one backward, and either against forward mode. Outputs whose slope along `v` can't be trusted
/// are left out of `u`; a function that keeps too many of those fails.
record DirectionCheck(Subject subject, Findings findings) {
  private static final int RESAMPLES = 5;

  /// Up to this many Jacobian entries a failure is worth the full check, which can name the cause.
  private static final long FULL_ENTRIES = 50_000;

  void numeric() {
    var random = new SplittableRandom(subject.seed() ^ 0xD12);
    DirectionCheck at = this;
    int rough = 0;
    int outputs = 0;
    for (int attempt = 0; attempt <= RESAMPLES; attempt++) {
      NdArray y = at.subject.value();
      NdArray[] v = direction(random);
      NdArray u = Draw.NORMAL.draw(random, y.shape());
      Slopes slopes = at.subject.alongDirection(v, y);
      outputs = y.size();
      rough = maskRough(slopes, u);
      findings.kinks = Math.max(findings.kinks, rough);
      if (rough <= subject.tolerance().maxKinks() * outputs) {
        at.compare(v, u, y, slopes);
        return;
      }
      at = new DirectionCheck(subject.nudged(random), findings);
    }
    findings.add(
        Cause.TOO_MANY_KINKS,
        "%d of %d outputs have no reliable slope along any of %d random directions",
        rough,
        outputs,
        RESAMPLES + 1);
  }

  /// `<jvp(v), u> = <v, vjp(u)>`, up to rounding.
  void identity() {
    NdArray y = subject.value();
    var random = new SplittableRandom(subject.seed() ^ 0x1DE);
    NdArray[] v = direction(random);
    NdArray u = Draw.NORMAL.draw(random, y.shape());
    Optional<NdArray> jvp = subject.f().jvp(NdArray.copies(subject.x()), NdArray.copies(v));
    if (jvp.isEmpty()) {
      findings.add(
          Cause.NOT_CHECKED,
          "the inner-product identity needs forward mode; override Differentiable.jvp or use"
              + " another mode");
      return;
    }
    NdArray forward = jvp.get();
    if (!forward.sameShape(y)) {
      findings.add(
          Cause.WRONG_SHAPE,
          "jvp has shape %s, the output %s",
          Inputs.name(forward.shape()),
          Inputs.name(y.shape()));
      return;
    }
    double left = forward.dot(u);
    double right = dot(subject.gradient(u), v);
    findings.compared(right, left, 0, subject.tolerance().atol());
    if (!(Math.abs(left - right) <= subject.tolerance().allowed(left))) {
      findings.add(
          Cause.FORWARD_MODE,
          "<jvp(v), u> = %.6g but <v, vjp(u)> = %.6g for random u and v",
          left,
          right);
    }
  }

  private void compare(NdArray[] v, NdArray u, NdArray y, Slopes slopes) {
    NdArray[] g = subject.gradient(u);
    double analytic = dot(g, v);
    double numeric = 0;
    double estimate = 0;
    for (int k = 0; k < u.size(); k++) {
      if (u.data()[k] != 0) {
        numeric += u.data()[k] * slopes.central[k];
        estimate += Math.abs(u.data()[k]) * slopes.estimate[k];
      }
    }
    findings.compared(analytic, numeric, estimate, subject.tolerance().atol());
    if (Math.abs(analytic - numeric) <= subject.tolerance().allowed(numeric) + estimate) {
      return;
    }
    if ((long) subject.coordinates() * y.size() <= FULL_ENTRIES) {
      int before = findings.failures.size();
      JacobianCheck.run(subject, findings);
      if (findings.failures.size() > before) {
        return;
      }
    }
    Mismatch worst = new Bisection(subject, y, u, g).narrow(v);
    findings.failures.add(
        new Failure(
            Cause.UNKNOWN,
            "along a random direction: <vjp(u), v> = %.6g but <u, J v> = %.6g numerically; narrowed down to"
                .formatted(analytic, numeric),
            List.of(worst),
            "the full Jacobian of a smaller shape can say more"));
  }

  private int maskRough(Slopes slopes, NdArray u) {
    int rough = 0;
    for (int k = 0; k < u.size(); k++) {
      if (slopes.rough[k]) {
        u.data()[k] = 0;
        rough++;
      }
    }
    return rough;
  }

  /// Random signs: every coordinate counts the same, so no wrong entry is drowned by its own
  /// weight.
  private NdArray[] direction(SplittableRandom random) {
    NdArray[] v = NdArray.copies(subject.x());
    for (int i = 0; i < v.length; i++) {
      for (int j = 0; j < v[i].size(); j++) {
        v[i].data()[j] = !subject.wanted()[i] ? 0 : random.nextBoolean() ? 1 : -1;
      }
    }
    return v;
  }

  private double dot(NdArray[] g, NdArray[] v) {
    double sum = 0;
    for (int i : subject.wantedInputs()) {
      sum += g[i].dot(v[i]);
    }
    return sum;
  }
}
