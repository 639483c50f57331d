package retort.experiments.bench;

import java.util.SplittableRandom;
import retort.tensor.Device;

/// Retort's own side of a comparison, which also says what a peer is to be given.
interface Ours extends Contender {
  static Ours of(Work work, Device device) {
    return switch (work) {
      case KernelWork kernel -> new OurKernel(kernel, device);
      case TrainingStep step -> new OurTraining(step, device);
      case HeadTraining step -> new OurHeadTraining(step, device);
      case HeadSampling sampling -> new OurSampling(sampling, device);
    };
  }

  /// The work's inputs as they were before the first run.
  float[][] inputs();

  /// The most bytes its device held at once.
  long peakBytes();

  @Override
  default String name() {
    return "Retort";
  }

  /// The same draws for every work.
  static SplittableRandom random() {
    return new SplittableRandom(20_250_101);
  }

  /// Uniform on [-1, 1): no kernel's speed depends on more, and it is quick to draw.
  static float[] draws(SplittableRandom random, int size) {
    float[] x = new float[size];
    for (int i = 0; i < size; i++) x[i] = 2 * random.nextFloat() - 1;
    return x;
  }
}
