package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.IntStream;
import retort.tensor.Device;
import retort.tensor.Op;
import retort.tensor.Parameter;
import retort.tensor.Tape;

/// An op, layer or loss and the inputs it is checked at: one row of the table of gradients. A
/// catalogue is a list of these; suites run it, and a command prints it.
///
/// Besides the gradient it checks that two uses of one input add up.
public record GradientCase(
    String name,
    String variant,
    String inputs,
    List<Integer> constants,
    Mode mode,
    Function<Device, TensorProgram> program) {
  private static final long SEED = 1;

  public static GradientCase of(String name, String inputs, TensorFunction f) {
    return program(name, inputs, device -> TensorProgram.of(f));
  }

  /// An op by itself; its record is the variant.
  public static GradientCase of(Op op, String inputs) {
    return of(op.name(), inputs, x -> Tape.current().apply(op, x)).variant(op.toString());
  }

  /// A program that is built for a device, because it has parameters. They start near the values
  /// they were built with, and are checked like inputs.
  public static GradientCase program(
      String name, String inputs, Function<Device, TensorProgram> program) {
    return new GradientCase(name, "", inputs, List.of(), Mode.JACOBIAN, program);
  }

  public GradientCase variant(String text) {
    return new GradientCase(name, text, inputs, constants, mode, program);
  }

  /// Inputs that have no gradient, such as targets.
  public GradientCase constant(int... which) {
    return new GradientCase(
        name, variant, inputs, IntStream.of(which).boxed().toList(), mode, program);
  }

  /// Compared along a random direction: for layers with many parameters.
  public GradientCase fast() {
    return new GradientCase(name, variant, inputs, constants, Mode.DIRECTION, program);
  }

  public String title() {
    return variant.isEmpty() ? name : name + " " + variant;
  }

  /// Float64 gradients against float64 differences, on the reference device, to a part in a
  /// million.
  public GradientReport check() {
    return check(Device.reference(), Tolerance.STRICT);
  }

  /// The gradients of another device against float64 differences on the reference device.
  public GradientReport check(Device float32) {
    return check(float32, Tolerance.FLOAT32);
  }

  private GradientReport check(Device device, Tolerance tolerance) {
    boolean itself = device.name().equals("reference");
    Device judge = itself ? device : Device.reference();
    TensorProgram once = program.apply(device);
    GradientReport report = check(once, judge, device, tolerance, program).mode(mode).check();
    GradientReport twice =
        check(twice(once), judge, device, tolerance, d -> twice(program.apply(d)))
            .mode(Mode.DIRECTION)
            .check();
    if (!report.passed() || twice.passed()) {
      return report.after(twice.millis(), List.of());
    }
    return report.after(
        twice.millis(),
        List.of(
            Failure.of(
                Cause.NOT_ACCUMULATED,
                "f(x) is right, f(x) + f(x) isn't: " + twice.failures().getFirst().what())));
  }

  private GradientCheck check(
      TensorProgram subject,
      Device judge,
      Device device,
      Tolerance tolerance,
      Function<Device, TensorProgram> rebuilt) {
    NdArray[] x = point(subject.parameters());
    var check =
        Gradients.assertThatGradient(new OnDevice(device, subject))
            .named(title())
            .at(x)
            .wrt(IntStream.range(0, x.length).filter(i -> !constants.contains(i)).toArray())
            .seed(SEED)
            .replayedBy("./retort gradcheck --op " + name);
    return (judge == device ? check : check.against(new OnDevice(judge, rebuilt.apply(judge))))
        .tolerance(tolerance);
  }

  private static TensorProgram twice(TensorProgram once) {
    return new TensorProgram(x -> once.f().apply(x).add(once.f().apply(x)), once.parameters());
  }

  /// The drawn inputs, and the parameters moved off the special values they start at: a gradient at
  /// zeros and ones hides mistakes.
  private NdArray[] point(List<Parameter> parameters) {
    var x = new ArrayList<>(List.of(Inputs.parse(inputs).draw(SEED)));
    var random = new SplittableRandom(SEED);
    for (Parameter p : parameters) {
      double[] values = p.toDoubles();
      for (int j = 0; j < values.length; j++) {
        values[j] += 0.1 * random.nextGaussian();
      }
      x.add(new NdArray(values, p.shape().toArray()));
    }
    return x.toArray(NdArray[]::new);
  }
}
