package retort.experiments.bench;

/// Sizes as the names of rows tell them.
final class Size {
  private Size() {}

  static String of(long bytes) {
    return bytes >= 1 << 20 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
