package retort.tensor;

import retort.tensor.op.BinaryOp;
import retort.tensor.op.UnaryOp;

/// Arithmetic and functions of one number, as methods: the part of [TensorOps] that goes number by
/// number.
public abstract sealed class ElementwiseOps permits TensorOps {
  ElementwiseOps() {}

  final Tensor self() {
    return (Tensor) this;
  }

  final Tensor run(Op op, Tensor... more) {
    Tensor[] in = new Tensor[more.length + 1];
    in[0] = self();
    System.arraycopy(more, 0, in, 1, more.length);
    return Tape.current().apply(op, in);
  }

  private Tensor unary(Unary f) {
    return unary(f, 0, 0);
  }

  private Tensor unary(Unary f, double a, double b) {
    return run(new UnaryOp(f, a, b));
  }

  // ---- arithmetic, with broadcasting

  public final Tensor add(Tensor b) {
    return run(new BinaryOp(Binary.ADD), b);
  }

  public final Tensor sub(Tensor b) {
    return run(new BinaryOp(Binary.SUB), b);
  }

  public final Tensor mul(Tensor b) {
    return run(new BinaryOp(Binary.MUL), b);
  }

  public final Tensor div(Tensor b) {
    return run(new BinaryOp(Binary.DIV), b);
  }

  public final Tensor maximum(Tensor b) {
    return run(new BinaryOp(Binary.MAX), b);
  }

  public final Tensor minimum(Tensor b) {
    return run(new BinaryOp(Binary.MIN), b);
  }

  public final Tensor add(double b) {
    return affine(1, b);
  }

  public final Tensor mul(double a) {
    return affine(a, 0);
  }

  public final Tensor neg() {
    return affine(-1, 0);
  }

  /// a x + b
  public final Tensor affine(double a, double b) {
    return unary(Unary.AFFINE, a, b);
  }

  // ---- functions of one number

  public final Tensor pow(double exponent) {
    return unary(Unary.POW, exponent, 0);
  }

  public final Tensor square() {
    return unary(Unary.SQUARE);
  }

  public final Tensor sqrt() {
    return unary(Unary.SQRT);
  }

  public final Tensor reciprocal() {
    return unary(Unary.RECIPROCAL);
  }

  public final Tensor exp() {
    return unary(Unary.EXP);
  }

  public final Tensor log() {
    return unary(Unary.LOG);
  }

  public final Tensor abs() {
    return unary(Unary.ABS);
  }

  public final Tensor sin() {
    return unary(Unary.SIN);
  }

  public final Tensor cos() {
    return unary(Unary.COS);
  }

  public final Tensor clamp(double low, double high) {
    return unary(Unary.CLAMP, low, high);
  }

  public final Tensor relu() {
    return unary(Unary.RELU);
  }

  public final Tensor relu6() {
    return clamp(0, 6);
  }

  public final Tensor leakyRelu(double slope) {
    return unary(Unary.LEAKY_RELU, slope, 0);
  }

  public final Tensor sigmoid() {
    return unary(Unary.SIGMOID);
  }

  public final Tensor tanh() {
    return unary(Unary.TANH);
  }

  public final Tensor silu() {
    return unary(Unary.SILU);
  }

  public final Tensor gelu() {
    return unary(Unary.GELU);
  }

  public final Tensor geluTanh() {
    return unary(Unary.GELU_TANH);
  }

  public final Tensor hardSwish() {
    return unary(Unary.HARD_SWISH);
  }

  public final Tensor softplus() {
    return unary(Unary.SOFTPLUS);
  }
}
