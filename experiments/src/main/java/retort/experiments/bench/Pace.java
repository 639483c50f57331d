package retort.experiments.bench;

/// How long a measurement takes its time.
///
/// @param kernelSeconds a contender is warm when so many seconds made a kernel no faster
/// @param stepSeconds the same for a whole step
/// @param mostSeconds when it is taken to be warm in any case
/// @param sampleSeconds how long a sample is, at least one run
/// @param rounds how many undisturbed rounds are wanted
/// @param mostRounds when to stop waiting for undisturbed ones
/// @param pauseMillis the rest before a sample on several threads, see [Rounds]: OpenBLAS's workers
///   were seen to spin for 134 ms
record Pace(
    double kernelSeconds,
    double stepSeconds,
    double mostSeconds,
    double sampleSeconds,
    int rounds,
    int mostRounds,
    int pauseMillis) {
  /// C2 wants two to three seconds for the first kernel of a kind, and its later ones share code; a
  /// whole step has dozens of kinds, which it takes one after another.
  static final Pace THOROUGH = new Pace(1, 8, 90, 0.2, 9, 27, 150);

  /// For a look: figures to about a tenth. A whole step takes its time all the same: stopped after
  /// 20 seconds, that of MobileNet ran at a third of its speed.
  static final Pace QUICK = new Pace(0.3, 8, 90, 0.08, 3, 5, 150);

  double warmSeconds(Work work) {
    return work instanceof StepWork ? stepSeconds : kernelSeconds;
  }

  Pace withRounds(int wanted) {
    return new Pace(
        kernelSeconds, stepSeconds, mostSeconds, sampleSeconds, wanted, 3 * wanted, pauseMillis);
  }
}
