package retort.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PrincipalPlaneTest {
  private static double[][] cloud(int n, double... spread) {
    Random random = new Random(3);
    double[][] points = new double[n][spread.length];
    for (double[] p : points)
      for (int j = 0; j < spread.length; j++) p[j] = 5 + spread[j] * random.nextGaussian();
    return points;
  }

  @Test
  void findsTheDirectionsOfLargestSpread() {
    var plane = PrincipalPlane.fit(cloud(4000, 0.1, 3, 0.1, 1));
    double[] origin = plane.project(new double[] {5, 5, 5, 5});
    double[] along = plane.project(new double[] {5, 6, 5, 5});
    double[] second = plane.project(new double[] {5, 5, 5, 6});
    assertThat(along[0] - origin[0]).isCloseTo(1, within(0.01));
    assertThat(second[1] - origin[1]).isCloseTo(1, within(0.01));
    assertThat(plane.explained()).isCloseTo(10 / 10.02, within(0.001));
  }

  /// More dimensions than points takes the other way round through the algebra; distances in the
  /// plane of points that span only a plane must come out the same.
  @Test
  void keepsDistancesOfPointsThatLieInAPlane() {
    double[][] points = {{0, 0, 0, 0, 0}, {3, 0, 0, 0, 0}, {0, 4, 0, 0, 0}};
    var plane = PrincipalPlane.fit(points);
    double[] a = plane.project(points[1]);
    double[] b = plane.project(points[2]);
    assertThat(Math.hypot(a[0] - b[0], a[1] - b[1])).isCloseTo(5, within(1e-9));
    assertThat(plane.explained()).isCloseTo(1, within(1e-9));
  }

  @Test
  void refusesWhatHasNoPlane() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalPlane.fit(new double[1][4]))
        .withMessageContaining("got 1 of 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PrincipalPlane.fit(cloud(3, 1, 1)).project(new double[3]))
        .withMessage("a point of 3 dimensions, a plane in 2");
  }
}
