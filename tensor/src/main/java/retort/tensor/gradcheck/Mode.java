package retort.tensor.gradcheck;

/// What is compared with what.
public enum Mode {
  /// Every entry of the Jacobian: one backward an output and a few forwards an input coordinate.
  /// Finds any wrong entry and can say which; the default.
  JACOBIAN,

  /// `<u, J v>` along one random direction, numerically and by one backward: a few evaluations
  /// whatever the size, as `fast_mode=True` in PyTorch. A failure is narrowed down to the
  /// coordinate.
  DIRECTION,

  /// `<jvp(v), u> = <v, vjp(u)>`: no differences at all, so it holds to rounding. It proves that
  /// forward and backward mode agree with each other, not that either is right.
  IDENTITY
}
