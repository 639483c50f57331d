package retort.experiments.bench;

/// One side of a comparison, ready to run: everything it reads is in place.
public interface Contender extends AutoCloseable {
  String name();

  /// Does the work once.
  void run();

  /// Whether nothing goes on in the background that will make it faster.
  default boolean isWarm() {
    return true;
  }

  /// Waits for the runs asked for, where they go on by themselves.
  default void finish() {}

  /// Does the work once and returns what came out, in the order of the work's results, images as
  /// `[n, h, w, c]` and weights as `[f, kh, kw, c]`.
  float[][] results();

  @Override
  void close();
}
