package retort.experiments.bench;

import java.util.List;
import java.util.SequencedMap;
import retort.tensor.Shape;

/// A whole step of a program: a network run forward, or forward and back with its weights updated.
public sealed interface StepWork extends Work permits TrainingStep, HeadTraining, HeadSampling {
  /// The network's parameters by their paths, then what it is fed.
  SequencedMap<String, Shape> named();

  @Override
  default List<Shape> inputs() {
    return List.copyOf(named().values());
  }
}
