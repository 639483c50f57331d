package retort.tensor.gradcheck;

import java.util.List;
import retort.tensor.Parameter;

/// A function of tensors and the parameters it reads, which are checked as further inputs: a layer.
public record TensorProgram(TensorFunction f, List<Parameter> parameters) {
  public TensorProgram {
    parameters = List.copyOf(parameters);
  }

  public static TensorProgram of(TensorFunction f) {
    return new TensorProgram(f, List.of());
  }
}
