package retort.nn.data;

/// One batch, in arrays that the loader reuses: it holds until the next batch is asked for.
public final class Batch {
  /// [capacity, height, width, channels]; the first `size` samples count.
  public final float[] images;

  /// The label of each sample, or [ImageSource#UNLABELLED].
  public final int[] labels;

  /// The index of each sample in its source, and which view of it this is.
  public final int[] indices;

  public final int[] views;

  /// Soft targets [capacity, classes] where samples were mixed, else null.
  public final float[] targets;

  private int size;
  private int step;

  Batch(int capacity, int floats, int targets) {
    images = new float[Math.multiplyExact(capacity, floats)];
    labels = new int[capacity];
    indices = new int[capacity];
    views = new int[capacity];
    this.targets = targets == 0 ? null : new float[Math.multiplyExact(capacity, targets)];
  }

  /// The number of samples; smaller than the capacity only in an epoch's last batch.
  public int size() {
    return size;
  }

  /// The step within the epoch.
  public int step() {
    return step;
  }

  void begin(int newStep, int newSize) {
    step = newStep;
    size = newSize;
  }
}
