package retort.tensor;

/// A device buffer with a count of its holders: the scope that made it holds it once, every node
/// that needs it on the way back once more. The last to let go returns it to the device.
final class Storage {
  final Device device;
  private Span span;
  private int holders = 1;

  Storage(Device device, int size) {
    this.device = device;
    span = device.take(size);
  }

  boolean isLive() {
    return span != null;
  }

  Span span() {
    return span;
  }

  Storage hold() {
    holders++;
    return this;
  }

  void drop() {
    if (--holders == 0) {
      device.give(span);
      span = null;
    }
  }
}
