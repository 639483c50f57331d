package retort.nn.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;

/// Cuts samples into batches. What a batch holds depends on (samples, order, epoch, step) alone, so
/// `epoch(e, step)` continues an interrupted epoch exactly.
public final class Loader {
  /// Samples of this many floats (74x74 RGB) take a core milliseconds to decode and resize: all
  /// cores share a batch of them. Smaller ones leave the cores to the training.
  private static final int LARGE = 1 << 14;

  private final Samples samples;
  private final Order order;
  private final int batchSize;
  private final boolean dropLast;
  private final Mix mix;

  public Loader(Samples samples, Order order, int batchSize, boolean dropLast) {
    this(samples, order, batchSize, dropLast, Mix.NONE);
  }

  public Loader(Samples samples, Order order, int batchSize, boolean dropLast, Mix mix) {
    if (batchSize < 1) {
      throw new IllegalArgumentException("the batch size must be at least 1, got " + batchSize);
    }
    if (dropLast && samples.size() < batchSize) {
      throw new IllegalArgumentException(
          "not one batch of "
              + batchSize
              + " from "
              + samples.size()
              + " samples when the last one is dropped; take a smaller batch");
    }
    this.samples = samples;
    this.order = order;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
    this.mix = mix;
  }

  /// Batches for training: shuffled, the last incomplete one dropped.
  public static Loader training(Samples samples, int batchSize, long seed) {
    return new Loader(samples, new Order.Shuffled(seed), batchSize, true);
  }

  /// Batches for evaluation: in order, every sample once.
  public static Loader evaluation(Samples samples, int batchSize) {
    return new Loader(samples, new Order.InOrder(), batchSize, false);
  }

  public Samples samples() {
    return samples;
  }

  public int batchSize() {
    return batchSize;
  }

  public int stepsPerEpoch() {
    int n = samples.size();
    return dropLast ? n / batchSize : (n + batchSize - 1) / batchSize;
  }

  public Batches epoch(int epoch) {
    return epoch(epoch, 0);
  }

  /// The batches of an epoch from a step on, prepared in the background; close them.
  public Batches epoch(int epoch, int firstStep) {
    if (epoch < 0 || firstStep < 0 || firstStep > stepsPerEpoch()) {
      throw new IllegalArgumentException(
          "no epoch "
              + epoch
              + " from step "
              + firstStep
              + "; an epoch has "
              + stepsPerEpoch()
              + " steps");
    }
    Order.Visits visits = order.epoch(epoch, samples.size());
    return new Batches(
        firstStep,
        stepsPerEpoch(),
        () -> new Batch(batchSize, samples.floats(), mix.isSoft() ? samples.classes() : 0),
        (batch, step) -> fill(batch, visits, epoch, step));
  }

  private void fill(Batch batch, Order.Visits visits, int epoch, int step) throws IOException {
    int from = step * batchSize;
    int size = Math.min(batchSize, visits.indices().length - from);
    batch.begin(step, size);
    for (int i = 0; i < size; i++) {
      int index = visits.indices()[from + i];
      batch.indices[i] = index;
      batch.views[i] = visits.views()[from + i];
      batch.labels[i] = samples.label(index);
    }
    if (samples.floats() < LARGE) {
      for (int i = 0; i < size; i++) {
        write(batch, epoch, i);
      }
    } else {
      fillTogether(batch, epoch);
    }
    mix.apply(batch, samples, epoch);
  }

  /// A view is a pure function of its coordinates and has a place of its own, so the order of the
  /// work doesn't matter.
  private void fillTogether(Batch batch, int epoch) throws IOException {
    try {
      IntStream.range(0, batch.size())
          .parallel()
          .forEach(i -> {
            try {
              write(batch, epoch, i);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw new IOException(e.getCause().getMessage(), e);
    }
  }

  private void write(Batch batch, int epoch, int i) throws IOException {
    int at = i * samples.floats();
    samples.write(epoch, batch.indices[i], batch.views[i], batch.images, at);
  }
}
