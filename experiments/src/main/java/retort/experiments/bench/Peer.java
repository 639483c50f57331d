package retort.experiments.bench;

import java.util.List;

/// Other software that does the same works. Found as a service on the class path, where only
/// `retort bench --peers` puts one: nothing in Retort depends on it.
public interface Peer {
  /// With its version.
  String name();

  /// How many threads its contenders may use from now on.
  void threads(int threads);

  /// Gives memory that is free but still held back to the system, so that what a contender takes
  /// can be seen.
  void trim();

  /// The ways in which it does a work, one a memory layout; none where the work is not its own.
  ///
  /// @param inputs the work's inputs, as ours was given them
  List<Contender> contenders(Work work, float[][] inputs);
}
