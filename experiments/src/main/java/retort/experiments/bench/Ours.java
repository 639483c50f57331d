package retort.experiments.bench;

import java.util.SplittableRandom;

/// Retort's own side of a comparison, which also says what a peer is to be given.
interface Ours extends Contender {
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
