package retort.gendd;

import retort.tensor.Tensor;

/// One batch on its way through one optimiser step.
///
/// @param images `[n, h, w, c]`, already augmented: student and teacher see the same
/// @param indices where each image lies in its dataset, for methods that remember images
/// @param epoch from 0
/// @param draws this step's randomness
public record Step(Tensor images, Labels labels, int[] indices, int epoch, StepDraws draws) {
  /// A weight that rises linearly to 1 over the first epochs.
  public double ramp(int epochs) {
    return epochs == 0 ? 1 : Math.min((epoch + 1.0) / epochs, 1);
  }
}
