package retort.experiments.bench.peers;

import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.Tensor;
import retort.experiments.bench.Contender;

/// A training step: clear the gradients, the loss, backward, update, and the loss read back. Its
/// results are the losses of its first steps.
record Training(String name, Weights weights, Supplier<Tensor> loss, Optimizer optimiser, int first)
    implements Contender {
  @Override
  public void run() {
    step();
  }

  private float step() {
    try (PointerScope _ = new PointerScope()) {
      optimiser.zero_grad();
      Tensor mean = loss.get();
      mean.backward();
      optimiser.step();
      return mean.item_float();
    }
  }

  @Override
  public float[][] results() {
    float[] losses = new float[first];
    for (int i = 0; i < first; i++) losses[i] = step();
    return new float[][] {losses};
  }

  @Override
  public void close() {
    optimiser.close();
    weights.close();
  }
}
