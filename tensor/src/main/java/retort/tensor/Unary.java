package retort.tensor;

/// The functions of one number, y = f(x; a, b), that devices compute. Each says whether its
/// derivative is written in y (so that x need not be kept) or in x.
public enum Unary {
  /// a x + b
  AFFINE(false),
  /// x^a
  POW(false),
  SQUARE(false),
  SQRT(true),
  RECIPROCAL(true),
  EXP(true),
  LOG(false),
  ABS(false),
  SIN(false),
  COS(false),
  /// max(x, 0); the slope at 0 is 0
  RELU(true),
  /// x where positive, a x elsewhere
  LEAKY_RELU(false),
  /// x held between a and b; the slope on the bounds is 1, as in PyTorch
  CLAMP(false),
  SIGMOID(true),
  TANH(true),
  /// x sigmoid(x)
  SILU(false),
  /// x Phi(x), with the exact error function
  GELU(false),
  /// x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2
  GELU_TANH(false),
  /// x clamp(x + 3, 0, 6) / 6
  HARD_SWISH(false),
  /// ln(1 + e^x)
  SOFTPLUS(false);

  private final boolean slopeFromOutput;

  Unary(boolean slopeFromOutput) {
    this.slopeFromOutput = slopeFromOutput;
  }

  public boolean slopeFromOutput() {
    return slopeFromOutput;
  }
}
