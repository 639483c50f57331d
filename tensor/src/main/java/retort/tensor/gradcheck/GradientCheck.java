package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// One check, put together in a sentence: `assertThatGradient(f).at("2x3,
/// 3x4").rtol(1e-4).matches()`. The options have the names and the defaults they have in
/// `torch.autograd.gradcheck`.
public final class GradientCheck {
  private static final int SHOWN_VALUES = 32;

  private final Differentiable f;
  private Differentiable reference;
  private Tolerance tolerance = Tolerance.FLOAT64;
  private Mode mode = Mode.JACOBIAN;
  private String name = "f";
  private long seed = 1;
  private Inputs inputs;
  private String replay;
  private NdArray[] point;
  private int[] wrt;

  GradientCheck(Differentiable f) {
    this.f = f;
    this.reference = f;
  }

  /// Draws the inputs: `"2x3, 3x4:positive, scalar"`; see [Inputs] and [Draw].
  public GradientCheck at(String shapes) {
    return at(Inputs.parse(shapes));
  }

  public GradientCheck at(Inputs drawn) {
    inputs = drawn;
    point = null;
    return this;
  }

  /// The inputs themselves.
  public GradientCheck at(NdArray... x) {
    point = NdArray.copies(x);
    inputs = null;
    return this;
  }

  public GradientCheck named(String text) {
    name = text;
    return this;
  }

  public GradientCheck seed(long value) {
    seed = value;
    return this;
  }

  public GradientCheck mode(Mode value) {
    mode = value;
    return this;
  }

  public GradientCheck fastMode(boolean fast) {
    return mode(fast ? Mode.DIRECTION : Mode.JACOBIAN);
  }

  public GradientCheck tolerance(Tolerance value) {
    tolerance = value;
    return this;
  }

  public GradientCheck eps(double value) {
    return tolerance(tolerance.eps(value));
  }

  public GradientCheck atol(double value) {
    return tolerance(tolerance.atol(value));
  }

  public GradientCheck rtol(double value) {
    return tolerance(tolerance.rtol(value));
  }

  public GradientCheck nondetTol(double value) {
    return tolerance(tolerance.nondetTol(value));
  }

  public GradientCheck maxKinks(double share) {
    return tolerance(tolerance.maxKinks(share));
  }

  /// Judges a float32 function by a float64 one: the numbers come from `float64`, at inputs rounded
  /// to float, and the tolerances are [Tolerance#FLOAT32] until told otherwise.
  public GradientCheck against(Differentiable float64) {
    reference = float64;
    return tolerance(Tolerance.FLOAT32);
  }

  /// Differentiates these inputs only, as `requires_grad` does; all of them unless told.
  public GradientCheck wrt(int... wanted) {
    wrt = wanted.clone();
    return this;
  }

  GradientCheck replayedBy(String line) {
    replay = line;
    return this;
  }

  /// Runs the check and says what it found. An exception in the function is a finding, too.
  public GradientReport check() {
    NdArray[] x = inputs == null ? NdArray.copies(givenPoint()) : inputs.draw(seed);
    if (reference != f) {
      roundToFloat(x);
    }
    var subject = new Subject(f, reference, x, wanted(x.length), tolerance, seed);
    var findings = new Findings();
    long start = System.nanoTime();
    try {
      run(subject, findings);
    } catch (RuntimeException e) {
      findings.failures.add(thrown(e));
    }
    return new GradientReport(
        name,
        inputs == null ? shapes(x) : inputs.toString(),
        findings.entries,
        findings.worstRelative,
        findings.worstEstimate,
        findings.kinks,
        (System.nanoTime() - start) / 1e6,
        findings.failures,
        replay());
  }

  /// Fails with the report's text unless the gradient is right.
  public void matches() {
    check().orThrow();
  }

  /// Fails unless the gradient is wrong and the kit names this cause: for tests of tests.
  public void failsWith(Cause cause) {
    GradientReport report = check();
    if (report.failures().stream().noneMatch(failure -> failure.cause() == cause)) {
      throw new AssertionError("expected a failure with cause " + cause + ", but " + report);
    }
  }

  private void run(Subject subject, Findings findings) {
    if (!Contract.check(subject, findings)) {
      return;
    }
    var direction = new DirectionCheck(subject, findings);
    switch (mode) {
      case JACOBIAN -> JacobianCheck.run(subject, findings);
      case DIRECTION -> direction.numeric();
      case IDENTITY -> direction.identity();
    }
    NdArray[] still =
        Arrays.stream(subject.x()).map(a -> NdArray.zeros(a.shape())).toArray(NdArray[]::new);
    if (mode != Mode.IDENTITY && f.jvp(NdArray.copies(subject.x()), still).isPresent()) {
      direction.identity();
    }
  }

  private NdArray[] givenPoint() {
    if (point == null) {
      throw new IllegalStateException(
          "no inputs: say at(\"2x3, 3x4\") or at(arrays) before the check");
    }
    return point;
  }

  private boolean[] wanted(int count) {
    boolean[] wanted = new boolean[count];
    Arrays.fill(wanted, wrt == null);
    for (int i : wrt == null ? new int[0] : wrt) {
      if (i < 0 || i >= count) {
        throw new IllegalArgumentException(
            "wrt(%d), but the function is checked at %d inputs, numbered from 0"
                .formatted(i, count));
      }
      wanted[i] = true;
    }
    return wanted;
  }

  private static void roundToFloat(NdArray[] x) {
    for (NdArray a : x) {
      for (int j = 0; j < a.size(); j++) {
        a.data()[j] = (float) a.data()[j];
      }
    }
  }

  private static Failure thrown(RuntimeException e) {
    StackTraceElement[] trace = e.getStackTrace();
    String where = trace.length == 0 ? "" : " at " + trace[0];
    return Failure.of(Cause.THREW, e + where);
  }

  private static String shapes(NdArray[] x) {
    return Arrays.stream(x).map(a -> Inputs.name(a.shape())).collect(Collectors.joining(", "));
  }

  private String replay() {
    if (replay != null) {
      return replay;
    }
    var line = new StringBuilder("assertThatGradient(").append(name).append(')');
    if (inputs != null) {
      line.append(".at(\"").append(inputs).append("\").seed(").append(seed).append(')');
    } else {
      line.append(".at(").append(values()).append(")");
    }
    if (wrt != null) {
      line.append(
          Arrays.stream(wrt)
              .mapToObj(Integer::toString)
              .collect(Collectors.joining(", ", ".wrt(", ")")));
    }
    if (mode != Mode.JACOBIAN) {
      line.append(".mode(Mode.").append(mode).append(')');
    }
    return line.append(".matches();").toString();
  }

  private String values() {
    int total = Arrays.stream(point).mapToInt(NdArray::size).sum();
    if (total > SHOWN_VALUES) {
      return "the same %d values of shapes %s".formatted(total, shapes(point));
    }
    return Arrays.stream(point)
        .map(a ->
            "new NdArray(new double[] {%s}%s)"
                .formatted(
                    Arrays.stream(a.data())
                        .mapToObj(v -> String.format(Locale.ROOT, "%s", v))
                        .collect(Collectors.joining(", ")),
                    Arrays.stream(a.shape()).mapToObj(n -> ", " + n).collect(Collectors.joining())))
        .collect(Collectors.joining(", "));
  }
}
