package retort.tensor.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// The numerical engine: its values, its estimates, and what it calls rough.
class SlopesTest {
  @Test
  void smoothSlopesAreRightWithinTheirEstimate() {
    check(Math::exp, 1, Math.E);
    check(Math::sin, 2, Math.cos(2));
    check(x -> x * x * x, -1.5, 6.75);
    check(Math::log, 0.01, 100);
    check(x -> 1 / x, 1e-3, -1e6);
    check(x -> x * x, 1000, 2000);
  }

  /// The estimate covers the error, and isn't so wide that it covers anything.
  private static void check(DoubleUnaryOperator f, double at, double slope) {
    Slopes s = slopes(f, at);
    assertThat(s.rough[0]).isFalse();
    assertThat(s.central[0]).isCloseTo(slope, offset(s.estimate[0] + 1e-12 * Math.abs(slope)));
    assertThat(s.estimate[0]).isLessThan(1e-5 * Math.max(1, Math.abs(slope)));
  }

  @Test
  void aKinkIsRoughAndHasTwoSides() {
    Slopes s = slopes(Math::abs, 0);
    assertThat(s.rough[0]).isTrue();
    assertThat(s.left[0]).isCloseTo(-1, offset(1e-9));
    assertThat(s.right[0]).isCloseTo(1, offset(1e-9));
  }

  @Test
  void aKinkNearbyIsSteppedAround() {
    Slopes s = slopes(Math::abs, 4e-6);
    assertThat(s.rough[0]).isFalse();
    assertThat(s.central[0]).isCloseTo(1, offset(1e-6));
  }

  @Test
  void jumpsAndEdgesOfTheDomainAreRough() {
    assertThat(slopes(Math::rint, 0.5).rough[0]).isTrue();
    assertThat(slopes(Math::sqrt, 0).rough[0]).isTrue();
    assertThat(slopes(x -> (float) Math.sin(x), 1).rough[0]).isTrue();
  }

  @Test
  void strongCurvatureIsNoKink() {
    assertThat(slopes(x -> 1e4 * x * x, 0).rough[0]).isFalse();
  }

  private static Slopes slopes(DoubleUnaryOperator f, double at) {
    return Slopes.of(
        t -> new double[] {f.applyAsDouble(at + t)},
        new double[] {f.applyAsDouble(at)},
        Math.max(1, Math.abs(at)),
        Math.abs(at),
        Tolerance.FLOAT64);
  }
}
