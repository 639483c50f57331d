package retort.tensor.gradcheck;

import retort.tensor.Tensor;

/// A function of tensors, run on a tape that is open: `x -> x[0].matmul(x[1])`. Its backward is the
/// tape's.
@FunctionalInterface
public interface TensorFunction {
  Tensor apply(Tensor... x);
}
