package retort.gendd;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// One test body for both devices: exact on the reference device, to float32 on the cpu.
public final class OnDevices {
  private OnDevices() {}

  /// @param reference the tolerance of the reference device
  /// @param cpu the tolerance of the cpu device
  public static Stream<DynamicTest> both(double reference, double cpu, Consumer<Near> body) {
    return Stream.of(test(Device.reference(), reference, body), test(Device.cpu(1), cpu, body));
  }

  private static DynamicTest test(Device device, double tolerance, Consumer<Near> body) {
    return DynamicTest.dynamicTest(
        device.name(),
        () ->
            Tape.train(
                device,
                tape -> {
                  body.accept(new Near(tape, tolerance));
                  return null;
                }));
  }

  /// factor sin(step i + offset) for i = 0, 1, ...: the inputs of the golden values.
  public static double[] wave(int n, double factor, double step, double offset) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) v[i] = factor * Math.sin(step * i + offset);
    return v;
  }

  /// The tape of a test, and how near is near.
  public record Near(Tape tape, double tolerance) {
    public Tensor wave(Shape shape, double factor, double step, double offset) {
      return tape.input(shape, OnDevices.wave(shape.size(), factor, step, offset));
    }

    public Tensor variable(Shape shape, double factor, double step, double offset) {
      return tape.variable(shape, OnDevices.wave(shape.size(), factor, step, offset));
    }

    /// Compares with |a - e| <= tolerance max(1, |e|).
    public void check(Tensor actual, double... expected) {
      check(actual.toDoubles(), expected);
    }

    public void check(double[] actual, double... expected) {
      if (actual.length != expected.length) {
        throw new AssertionError("got " + actual.length + " numbers, expected " + expected.length);
      }
      for (int i = 0; i < actual.length; i++) {
        double bound = tolerance * Math.max(1, Math.abs(expected[i]));
        if (!(Math.abs(actual[i] - expected[i]) <= bound)) {
          throw new AssertionError(
              "number "
                  + i
                  + " is "
                  + actual[i]
                  + ", expected "
                  + expected[i]
                  + " within "
                  + bound);
        }
      }
    }

    /// The same with a tolerance so many times as wide.
    public Near times(double wider) {
      return new Near(tape, wider * tolerance);
    }

    public void check(double actual, double expected) {
      check(new double[] {actual}, expected);
    }
  }
}
