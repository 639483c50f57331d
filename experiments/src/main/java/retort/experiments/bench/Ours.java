package retort.experiments.bench;

import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
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

  /// Where it runs.
  Device device();

  /// The most bytes its device held at once.
  default long peakBytes() {
    return device().memory().peak();
  }

  @Override
  default boolean isWarm() {
    return !device().isWarmingUp();
  }

  @Override
  default void finish() {
    device().finish();
  }

  /// What it took from its device goes with the device.
  @Override
  default void close() {}

  @Override
  default String name() {
    return "Retort";
  }

  /// The losses of the first n steps, as a step's results.
  static float[][] losses(int n, DoubleSupplier step) {
    float[] losses = new float[n];
    for (int i = 0; i < n; i++) losses[i] = (float) step.getAsDouble();
    return new float[][] {losses};
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
