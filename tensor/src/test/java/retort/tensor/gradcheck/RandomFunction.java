package retort.tensor.gradcheck;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/// A right function made of random stages, smooth and kinked: a vector goes through one to five of
/// them, and its cotangent back through their backwards.
record RandomFunction(List<Stage> stages) implements Differentiable {
  interface Stage {
    double[] forward(double[] x);

    double[] backward(double[] x, double[] y, double[] dy);
  }

  static RandomFunction draw(SplittableRandom random, int inputs, boolean wild) {
    var stages = new ArrayList<Stage>();
    int width = inputs;
    for (int left = random.nextInt(1, 6); left > 0; left--) {
      // Waves of huge arguments are rounding noise that no difference can follow.
      Stage stage = stage(random, random.nextInt(wild ? 9 : 12), width);
      width = stage.forward(new double[width]).length;
      stages.add(stage);
    }
    return new RandomFunction(stages);
  }

  private static Stage stage(SplittableRandom random, int kind, int width) {
    return switch (kind) {
      case 0 -> map(Math::tanh, (x, y) -> 1 - y * y);
      case 1 -> map(x -> Math.max(x, 0), (x, y) -> x > 0 ? 1 : 0);
      case 2 -> map(Math::abs, (x, y) -> Math.signum(x));
      case 3 -> map(x -> Math.clamp(x, -1, 1), (x, y) -> x > -1 && x < 1 ? 1 : 0);
      case 4 -> map(x -> x > 0 ? x : 0.1 * x, (x, y) -> x > 0 ? 1 : 0.1);
      case 5 -> width > 1 ? new PairMax() : map(x -> 3 * x, (x, y) -> 3);
      case 6 -> new Linear(matrix(random, random.nextInt(1, 6), width));
      case 7 -> new Centre();
      case 8 -> map(x -> x / (1 + Math.abs(x)), (x, y) -> 1 / Math.pow(1 + Math.abs(x), 2));
      case 9 -> map(Math::sin, (x, y) -> Math.cos(x));
      case 10 -> map(x -> x * x, (x, y) -> 2 * x);
      default -> map(x -> Math.exp(Math.min(x, 3)), (x, y) -> x < 3 ? y : 0);
    };
  }

  private static double[][] matrix(SplittableRandom random, int rows, int columns) {
    double[][] m = new double[rows][columns];
    for (double[] row : m) {
      Arrays.setAll(row, j -> random.nextGaussian());
    }
    return m;
  }

  private static Stage map(DoubleUnaryOperator f, DoubleBinaryOperator slope) {
    return new Stage() {
      @Override
      public double[] forward(double[] x) {
        return Arrays.stream(x).map(f).toArray();
      }

      @Override
      public double[] backward(double[] x, double[] y, double[] dy) {
        double[] dx = new double[x.length];
        Arrays.setAll(dx, i -> dy[i] * slope.applyAsDouble(x[i], y[i]));
        return dx;
      }
    };
  }

  /// The larger of each pair of neighbours, the first of equals: a max pooling.
  private record PairMax() implements Stage {
    @Override
    public double[] forward(double[] x) {
      double[] y = new double[x.length / 2];
      Arrays.setAll(y, i -> Math.max(x[2 * i], x[2 * i + 1]));
      return y;
    }

    @Override
    public double[] backward(double[] x, double[] y, double[] dy) {
      double[] dx = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        dx[x[2 * i] >= x[2 * i + 1] ? 2 * i : 2 * i + 1] = dy[i];
      }
      return dx;
    }
  }

  private record Linear(double[][] m) implements Stage {
    @Override
    public double[] forward(double[] x) {
      double[] y = new double[m.length];
      for (int i = 0; i < y.length; i++) {
        for (int j = 0; j < x.length; j++) {
          y[i] += m[i][j] * x[j];
        }
      }
      return y;
    }

    @Override
    public double[] backward(double[] x, double[] y, double[] dy) {
      double[] dx = new double[x.length];
      for (int i = 0; i < y.length; i++) {
        for (int j = 0; j < x.length; j++) {
          dx[j] += m[i][j] * dy[i];
        }
      }
      return dx;
    }
  }

  private record Centre() implements Stage {
    @Override
    public double[] forward(double[] x) {
      double mean = Arrays.stream(x).average().orElse(0);
      return Arrays.stream(x).map(v -> v - mean).toArray();
    }

    @Override
    public double[] backward(double[] x, double[] y, double[] dy) {
      return forward(dy);
    }
  }

  @Override
  public NdArray apply(NdArray... x) {
    return NdArray.vector(values(x).getLast());
  }

  @Override
  public NdArray[] vjp(NdArray[] x, NdArray dy) {
    List<double[]> values = values(x);
    double[] d = dy.data();
    for (int s = stages.size() - 1; s >= 0; s--) {
      d = stages.get(s).backward(values.get(s), values.get(s + 1), d);
    }
    return new NdArray[] {new NdArray(d, x[0].shape())};
  }

  private List<double[]> values(NdArray[] x) {
    var values = new ArrayList<double[]>(List.of(x[0].data()));
    stages.forEach(stage -> values.add(stage.forward(values.getLast())));
    return values;
  }
}
