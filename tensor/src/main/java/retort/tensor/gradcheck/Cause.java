package retort.tensor.gradcheck;

/// What usually makes a backward wrong in the way that was seen, and where to look.
public enum Cause {
  SIGN_FLIPPED("sign flipped", "look for a minus lost or added: d(a-b)/db = -1, d(1/x) = -1/x^2"),
  FACTOR_TWO(
      "a factor 2",
      "look at squares (d x^2 = 2x), at 1/2 in a loss, at a term that is added twice"),
  MISSING_MEAN(
      "a factor N, the number of averaged elements",
      "the backward of a mean divides by N, that of a sum doesn't: one of them is in the wrong"
          + " place"),
  SCALED("a constant factor", "look for a constant of the forward that the backward leaves out"),
  ZERO(
      "the gradient is zero",
      "look for a branch that is detached or a destination that is never written"),
  DETACHED(
      "part of the gradient is missing",
      "look for a branch of the forward (a skip connection, one use of the input) the backward"
          + " skips"),
  MISSING_BROADCAST_SUM(
      "missing sum over a broadcast axis",
      "an input that was repeated in the forward takes the sum over the repeats in the backward"),
  TRANSPOSED("transposed", "look at the operand order and transposes of the matrix products"),
  SWAPPED("gradients of two inputs are swapped", "look at the order in which they are returned"),
  MISPLACED(
      "right numbers in the wrong places",
      "look at the axis of the reduction or repeat, at strides, at the index arithmetic"),
  OFF_BY_ONE("shifted by one", "look at padding and loop bounds: the backward reads one place off"),
  BORDER(
      "wrong at the border only", "look at padding and loop bounds at the first and last position"),
  CHAIN_FACTOR(
      "a factor of the chain rule is missing or extra",
      "look for a factor x or y left out: d sigmoid = y (1 - y), d exp = y, d x^2 = 2 x"),
  MISSING_MEAN_TERM(
      "missing the 'minus the mean' term",
      "a normalisation's backward subtracts what the mean, the norm or the softmax sum"
          + " contributes"),
  FEW_ENTRIES(
      "a few entries only",
      "the rule is right; look for a special case, a race or a write too many"),
  STALE_BUFFER(
      "state from an earlier call",
      "look for a buffer that isn't cleared, a cached input, or an array that is handed out twice"),
  RANDOM(
      "not reproducible",
      "draw the random numbers from a generator seeded inside the function; look for races"),
  NOT_LINEAR(
      "not linear in the cotangent",
      "a backward multiplies the incoming gradient by the Jacobian: each term has dy exactly once"),
  MUTATES(
      "writes to what it was given", "copy before writing: the caller still needs these values"),
  ALIASES("hands out its input", "return a fresh array: writing to the result changes the input"),
  WRONG_SHAPE("wrong shape", "each gradient has the shape of its input"),
  UNWANTED("computes a gradient nobody wants", "return null for it and skip the work"),
  SHARED_INPUT(
      "wrong when one array is used for two inputs",
      "each gradient needs a destination of its own, and reads x only"),
  NOT_ACCUMULATED(
      "the gradients of two uses aren't added up",
      "a backward adds to the gradient that is there; it must not overwrite it"),
  NOT_FINITE("NaN or infinity", "look at 0/0, log 0, sqrt 0 and exp of large numbers"),
  NOT_SUBGRADIENT(
      "outside the one-sided slopes of a kink",
      "at a kink the gradient must lie between the slopes to the left and to the right"),
  TOO_MANY_KINKS(
      "the slope is nowhere reliable",
      "the forward jumps, is noisy or is float32: give a smooth float64 forward, or other inputs"),
  FORWARD_MODE("forward and backward mode disagree", "one of jvp and vjp is wrong; check it alone"),
  FORWARD_DIFFERS(
      "the forward differs from the reference", "mend the forward first; the gradient follows it"),
  THREW("an exception", "the function refuses this input; see the stack trace"),
  NOT_CHECKED("the check can't be made this way", "change the option the text names"),
  UNKNOWN("no known pattern", "check the smallest shape that fails, and each term by itself");

  private final String title;
  private final String advice;

  Cause(String title, String advice) {
    this.title = title;
    this.advice = advice;
  }

  public String title() {
    return title;
  }

  public String advice() {
    return advice;
  }
}
