package retort.experiments.bench;

/// How long a measurement takes its time.
///
/// @param warmSeconds how long each contender runs before it is timed
/// @param sampleSeconds how long a sample is, at least one run
/// @param rounds how many undisturbed rounds are wanted
/// @param mostRounds when to stop waiting for undisturbed ones
/// @param pauseMillis the rest before a sample on several threads, see [Rounds]
record Pace(double warmSeconds, double sampleSeconds, int rounds, int mostRounds, int pauseMillis) {
  /// C2 wants two to three seconds for the first kernel of a kind, and its later ones share code.
  static final Pace THOROUGH = new Pace(2, 0.2, 9, 27, 150);

  /// For a look: figures to about a tenth.
  static final Pace QUICK = new Pace(0.6, 0.08, 3, 5, 60);

  Pace withRounds(int wanted) {
    return new Pace(warmSeconds, sampleSeconds, wanted, 3 * wanted, pauseMillis);
  }
}
