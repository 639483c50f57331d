package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.List;

/// What a running check has seen so far.
final class Findings {
  final List<Failure> failures = new ArrayList<>();
  long entries;
  double worstRelative;
  double worstEstimate;
  int kinks;

  void add(Cause cause, String what, Object... values) {
    failures.add(Failure.of(cause, what.formatted(values)));
  }

  /// `floor` is the size below which a derivative is only rounding.
  void compared(double analytic, double numeric, double estimate, double floor) {
    double size = Math.max(floor, Math.max(Math.abs(analytic), Math.abs(numeric)));
    double difference = Math.abs(analytic - numeric);
    entries++;
    worstRelative = Math.max(worstRelative, difference == 0 ? 0 : difference / size);
    worstEstimate = Math.max(worstEstimate, estimate);
  }
}
