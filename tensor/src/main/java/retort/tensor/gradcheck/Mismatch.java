package retort.tensor.gradcheck;

/// One entry of the Jacobian that is wrong: the derivative of `output` in the direction of `input`.
public record Mismatch(
    String output, String input, double analytic, double numeric, double estimate) {
  public double absolute() {
    return Math.abs(analytic - numeric);
  }

  public double relative() {
    return absolute() / Math.max(Math.abs(analytic), Math.abs(numeric));
  }

  @Override
  public String toString() {
    return "d %s / d %s   analytic %12.5g   numeric %12.5g   absolute %.2g   relative %.2g   estimate %.1g"
        .formatted(output, input, analytic, numeric, absolute(), relative(), estimate);
  }
}
