package retort.tensor.gradcheck;

/// When an analytic derivative `a` agrees with a numeric one `n`: `|a - n| <= atol + rtol |n| + e`,
/// where `e` is the engine's own estimate of the error in `n`. The names are those of
/// `torch.autograd.gradcheck`, and so are the float64 values.
///
/// `eps` is the finest relative step the engine goes down to; it starts at the cube root of the
/// machine epsilon, where truncation and rounding of a central difference balance, or at `eps` if
/// that is larger. `nondetTol` is how far two runs on the same input may differ. `maxKinks` is the
/// share of the input coordinates that may still sit on a kink after resampling; it is what keeps a
/// broken op from hiding behind kinks.
public record Tolerance(double eps, double atol, double rtol, double nondetTol, double maxKinks) {
  public static final Tolerance FLOAT64 = new Tolerance(1e-6, 1e-5, 1e-3, 0, 0.1);

  /// For a float32 analytic gradient judged by a float64 numeric one. Rounding to float loses 6e-8
  /// of each term, and sums of a few hundred terms around 1 lose some 1e-5: 1e-4 and 2e-3 (the
  /// latter is what `jax.test_util.check_grads` allows in float32) leave room for it and none for a
  /// wrong term.
  public static final Tolerance FLOAT32 = new Tolerance(1e-6, 1e-4, 2e-3, 0, 0.1);

  /// For float64 ops that are written to be right: 1e-6 of each derivative, and 1e-7 for the
  /// rounding of differences.
  public static final Tolerance STRICT = new Tolerance(1e-6, 1e-7, 1e-6, 0, 0.1);

  public Tolerance {
    if (!(eps > 0) || !(atol >= 0) || !(rtol >= 0) || !(nondetTol >= 0)) {
      throw new IllegalArgumentException(
          "eps must be positive and atol, rtol, nondetTol at least 0; got eps=%s atol=%s rtol=%s nondetTol=%s"
              .formatted(eps, atol, rtol, nondetTol));
    }
    if (!(maxKinks >= 0 && maxKinks <= 1)) {
      throw new IllegalArgumentException(
          "maxKinks is a share of the inputs, between 0 and 1; got " + maxKinks);
    }
  }

  double allowed(double numeric) {
    return atol + rtol * Math.abs(numeric);
  }

  Tolerance eps(double value) {
    return new Tolerance(value, atol, rtol, nondetTol, maxKinks);
  }

  Tolerance atol(double value) {
    return new Tolerance(eps, value, rtol, nondetTol, maxKinks);
  }

  Tolerance rtol(double value) {
    return new Tolerance(eps, atol, value, nondetTol, maxKinks);
  }

  Tolerance nondetTol(double value) {
    return new Tolerance(eps, atol, rtol, value, maxKinks);
  }

  Tolerance maxKinks(double value) {
    return new Tolerance(eps, atol, rtol, nondetTol, value);
  }
}
