package retort.tensor;

/// The functions of two numbers that devices compute. Where two numbers tie, MAX and MIN send the
/// gradient half to each, as PyTorch does.
public enum Binary {
  ADD,
  SUB,
  MUL,
  DIV,
  MAX,
  MIN
}
