package retort.experiments.bench.peers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import retort.experiments.bench.StepWork;
import retort.tensor.Shape;

/// The arrays of a whole step by name: parameters, which want gradients, and what the net is fed.
/// The names are those of Retort's modules, so a net here is built from the numbers of the one it
/// is compared with.
final class Weights implements AutoCloseable {
  private final Map<String, Tensor> tensors = new HashMap<>();
  private final Map<String, TensorOptional> optional = new HashMap<>();
  private final List<Tensor> trained = new ArrayList<>();

  Weights(StepWork work, float[][] inputs, Layout layout, Predicate<String> isFed) {
    int i = 0;
    for (Map.Entry<String, Shape> e : work.named().entrySet()) {
      Tensor t = layout.tensor(inputs[i++], e.getValue());
      if (!isFed.test(e.getKey())) trained.add(t.set_requires_grad(true));
      put(e.getKey(), t);
    }
  }

  void put(String name, Tensor t) {
    tensors.put(name, t);
    TensorOptional argument = new TensorOptional(t);
    argument.retainReference(); // beyond the scope it may be made in
    optional.put(name, argument);
  }

  boolean has(String name) {
    return tensors.containsKey(name);
  }

  Tensor get(String name) {
    return tensors.get(name);
  }

  /// An argument that may be absent, as PyTorch's functions take biases.
  TensorOptional maybe(String name) {
    return optional.getOrDefault(name, Eager.NONE);
  }

  TensorVector parameters() {
    return new TensorVector(trained.toArray(Tensor[]::new));
  }

  @Override
  public void close() {
    optional.values().forEach(TensorOptional::close);
    tensors.values().forEach(Tensor::close);
  }
}
