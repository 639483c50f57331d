package retort.experiments.report;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/// The plane in which points of many dimensions differ most: their two first principal components.
/// Points other than those it was fitted on can be projected too.
public final class PrincipalPlane {
  private final double[] mean;
  private final double[][] axes;
  private final double explained;

  private PrincipalPlane(double[] mean, double[][] axes, double explained) {
    this.mean = mean;
    this.axes = axes;
    this.explained = explained;
  }

  /// @param points `[n, d]` with n and d at least 2
  public static PrincipalPlane fit(double[][] points) {
    int n = points.length;
    if (n < 2 || points[0].length < 2) {
      throw new IllegalArgumentException(
          "a plane needs two points of two dimensions, got "
              + n
              + " of "
              + (n == 0 ? 0 : points[0].length));
    }
    int d = points[0].length;
    double[] mean = new double[d];
    for (double[] p : points) for (int j = 0; j < d; j++) mean[j] += p[j] / n;
    RealMatrix centred = new Array2DRowRealMatrix(n, d);
    for (int i = 0; i < n; i++)
      for (int j = 0; j < d; j++) centred.setEntry(i, j, points[i][j] - mean[j]);

    // The smaller of the covariance [d, d] and the Gram matrix [n, n]: they share their
    // eigenvalues, and
    // an eigenvector u of the Gram matrix gives the axis centredᵀu.
    boolean wide = d > n;
    RealMatrix t = centred.transpose();
    var eigen = new EigenDecomposition(wide ? centred.multiply(t) : t.multiply(centred));
    double[][] axes = new double[2][];
    for (int k = 0; k < 2; k++) {
      double[] vector = eigen.getEigenvector(k).toArray();
      axes[k] = unit(wide ? t.operate(vector) : vector);
    }
    double total = 0;
    for (double value : eigen.getRealEigenvalues()) total += Math.max(0, value);
    double two = eigen.getRealEigenvalue(0) + eigen.getRealEigenvalue(1);
    return new PrincipalPlane(mean, axes, total == 0 ? 1 : two / total);
  }

  /// An axis's sign is free; here its largest component is positive, so that pictures agree.
  private static double[] unit(double[] v) {
    double norm = 0;
    double largest = 0;
    for (double x : v) {
      norm += x * x;
      if (Math.abs(x) > Math.abs(largest)) largest = x;
    }
    double scale = norm == 0 ? 0 : Math.copySign(1, largest) / Math.sqrt(norm);
    double[] unit = new double[v.length];
    for (int i = 0; i < v.length; i++) unit[i] = v[i] * scale;
    return unit;
  }

  /// The share of the points' variance that the plane shows, 0 to 1.
  public double explained() {
    return explained;
  }

  /// @return x and y of a point `[d]`
  public double[] project(double[] point) {
    if (point.length != mean.length) {
      throw new IllegalArgumentException(
          "a point of " + point.length + " dimensions, a plane in " + mean.length);
    }
    double[] xy = new double[2];
    for (int k = 0; k < 2; k++) {
      for (int j = 0; j < mean.length; j++) xy[k] += (point[j] - mean[j]) * axes[k][j];
    }
    return xy;
  }
}
