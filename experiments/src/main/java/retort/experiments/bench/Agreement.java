package retort.experiments.bench;

import retort.experiments.Failure;

/// Both sides must have done the same work before either is timed.
final class Agreement {
  /// The largest difference allowed, as a part of the root mean square of the peer's numbers. The
  /// longest sums here run over 10^5 products in float32 in different orders, and a fast
  /// convolution loses a digit more: together some 10^-4.
  private static final double TOLERANCE = 1e-3;

  private Agreement() {}

  static void check(String work, String peer, float[][] ours, float[][] theirs) {
    if (ours.length != theirs.length) {
      throw refusal(work, peer, ours.length + " results against " + theirs.length);
    }
    for (int i = 0; i < ours.length; i++) check(work, peer, i, ours[i], theirs[i]);
  }

  private static void check(String work, String peer, int result, float[] ours, float[] theirs) {
    if (ours.length != theirs.length) {
      String sizes = ours.length + " numbers against " + theirs.length;
      throw refusal(work, peer, "result " + result + " has " + sizes);
    }
    double squares = 0, largest = 0;
    int at = 0;
    for (int i = 0; i < ours.length; i++) {
      squares += (double) theirs[i] * theirs[i];
      double difference = Math.abs((double) ours[i] - theirs[i]);
      if (!(difference <= largest)) { // a NaN counts as the largest of all
        largest = difference;
        at = i;
        if (Double.isNaN(difference)) break;
      }
    }
    double rms = Math.sqrt(squares / Math.max(1, ours.length));
    if (!(largest <= TOLERANCE * rms)) {
      throw refusal(
          work,
          peer,
          "result "
              + result
              + " at "
              + at
              + ": "
              + ours[at]
              + " against "
              + theirs[at]
              + ", root mean square "
              + (float) rms);
    }
  }

  private static Failure refusal(String work, String peer, String what) {
    return new Failure(
        "Retort and " + peer + " come to different results: " + what,
        work,
        "one of the two is wrong; a time for it would mean nothing. Leave it out with --only");
  }
}
