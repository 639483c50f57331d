package retort.tensor;

/// A run of numbers on a device: the device's own array, where the run begins in it, and how many
/// numbers it holds. Only the device that made the array knows what it is: `float[]` on the CPU,
/// `double[]` on the reference device, memory of the card on a GPU.
public record Span(Object array, int at, int size) {
  /// A run inside this run.
  public Span slice(int from, int length) {
    return from == 0 && length == size ? this : new Span(array, at + from, length);
  }
}
