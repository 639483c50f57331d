package retort.tensor.gradcheck;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// What one check found. `worstRelative` is the largest `|a - n| / max(|a|, |n|)` of all entries,
/// where an entry below `atol`, or a thousandth of its Jacobian's largest, is measured against
/// that: below, there is only rounding. `kinks` counts the input coordinates that had to be moved
/// off a kink.
public record GradientReport(
    String name,
    String inputs,
    long entries,
    double worstRelative,
    double worstEstimate,
    int kinks,
    double millis,
    List<Failure> failures,
    String replay) {
  public GradientReport {
    failures = List.copyOf(failures);
  }

  /// This report with what a further check of the same function took and found.
  GradientReport after(double moreMillis, List<Failure> more) {
    return new GradientReport(
        name,
        inputs,
        entries,
        worstRelative,
        worstEstimate,
        kinks,
        millis + moreMillis,
        Stream.concat(failures.stream(), more.stream()).toList(),
        replay);
  }

  public boolean passed() {
    return failures.isEmpty();
  }

  /// Fails with the text of the report unless the gradient is right.
  public void orThrow() {
    if (!passed()) {
      throw new AssertionError(toString());
    }
  }

  /// The whole finding as text: for a failure, what is wrong, why it may be, and how to replay it.
  @Override
  public String toString() {
    if (passed()) {
      return String.format(
          Locale.ROOT,
          "gradient of %s at %s is right: %d entries, worst relative error %.1e, estimate %.1e,"
              + " kinks %d, %.1f ms",
          name,
          inputs,
          entries,
          worstRelative,
          worstEstimate,
          kinks,
          millis);
    }
    var text = new StringBuilder("gradient of %s at %s is wrong\n".formatted(name, inputs));
    failures.forEach(text::append);
    return text.append("  replay: ").append(replay).toString();
  }
}
