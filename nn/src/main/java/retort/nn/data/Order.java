package retort.nn.data;

import java.util.Arrays;
import retort.tensor.Philox;

/// In which order an epoch visits the samples, as a pure function of the epoch.
public sealed interface Order {
  /// The visits of one epoch; a visit of sample i for the v-th time in a row is view v.
  Visits epoch(int epoch, int size);

  /// Parallel arrays: which sample, and which of its views.
  record Visits(int[] indices, int[] views) {}

  /// From first to last: for evaluation.
  record InOrder() implements Order {
    @Override
    public Visits epoch(int epoch, int size) {
      int[] indices = new int[size];
      Arrays.setAll(indices, i -> i);
      return new Visits(indices, new int[size]);
    }
  }

  /// Shuffled anew each epoch.
  record Shuffled(long seed) implements Order {
    @Override
    public Visits epoch(int epoch, int size) {
      return new Visits(permutation(seed, epoch, size), new int[size]);
    }
  }

  /// Repeated augmentation ("Augment your batch", arXiv 1901.09335): `repeats` views of a sample
  /// follow each other, and an epoch still has `size` visits, so it sees about size / repeats
  /// samples.
  record Repeated(long seed, int repeats) implements Order {
    public Repeated {
      if (repeats < 1) {
        throw new IllegalArgumentException("repeats must be at least 1, got " + repeats);
      }
    }

    @Override
    public Visits epoch(int epoch, int size) {
      int[] shuffled = permutation(seed, epoch, size);
      int[] indices = new int[size];
      int[] views = new int[size];
      for (int i = 0; i < size; i++) {
        indices[i] = shuffled[i / repeats];
        views[i] = i % repeats;
      }
      return new Visits(indices, views);
    }
  }

  /// Shuffled anew each epoch, with views 0 to `views` - 1 in turn, a view an epoch: for
  /// [RecordedViews].
  record Recorded(long seed, int views) implements Order {
    public Recorded {
      if (views < 1) {
        throw new IllegalArgumentException("views must be at least 1, got " + views);
      }
    }

    @Override
    public Visits epoch(int epoch, int size) {
      int[] view = new int[size];
      Arrays.fill(view, epoch % views);
      return new Visits(permutation(seed, epoch, size), view);
    }
  }

  private static int[] permutation(long seed, int epoch, int size) {
    return Philox.of(seed, "shuffle", epoch).permutation(size);
  }
}
