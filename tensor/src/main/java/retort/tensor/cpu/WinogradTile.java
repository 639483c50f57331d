package retort.tensor.cpu;

/// A transform of Winograd's: the square block X of a, a vector of channels of each pixel, becomes
/// M X M^T in c, n times: for n vectors of channels, or for n neighbouring blocks.
///
/// Block numbers lie `inLine` and `inPixel` apart, and `outLine` and `outPixel`; a line pitch of 0
/// stands for the pitch of the call. From one of the n to the next it is `inStep` and `outStep`. b
/// holds what lies between the two multiplications.
record WinogradTile(
    Matrix matrix, int inLine, int inPixel, int inStep, int outLine, int outPixel, int outStep)
    implements PlainTile {

  /// The matrices of F(4x4, 3x3), for interpolation at 0, 1, -1, 2, -2 and infinity: Lavin and
  /// Gray, "Fast algorithms for convolutional neural networks", arXiv 1509.09308, section 4.3.
  enum Matrix {
    IMAGE(
        new double[][] {
          {4, 0, -5, 0, 1, 0},
          {0, -4, -4, 1, 1, 0},
          {0, 4, -4, -1, 1, 0},
          {0, -2, -1, 2, 1, 0},
          {0, 2, -1, -2, 1, 0},
          {0, 4, 0, -5, 0, 1}
        }),
    WEIGHT(
        new double[][] {
          {1 / 4., 0, 0},
          {-1 / 6., -1 / 6., -1 / 6.},
          {-1 / 6., 1 / 6., -1 / 6.},
          {1 / 24., 1 / 12., 1 / 6.},
          {1 / 24., -1 / 12., 1 / 6.},
          {0, 0, 1}
        }),
    RESULT(
        new double[][] {
          {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
        }),
    /// The transpose of the result's: takes the gradient of the result back.
    RESULT_GRAD(transpose(RESULT.m)),
    /// The transpose of the weights': takes the gradient of transformed weights back.
    WEIGHT_GRAD(transpose(WEIGHT.m));

    private final double[][] m;
    final LinearMap map;

    Matrix(double[][] m) {
      this.m = m;
      map = LinearMap.of(m);
    }

    private static double[][] transpose(double[][] m) {
      double[][] t = new double[m[0].length][m.length];
      for (int i = 0; i < m.length; i++) for (int j = 0; j < m[0].length; j++) t[j][i] = m[i][j];
      return t;
    }

    int in() {
      return m[0].length;
    }

    int out() {
      return m.length;
    }
  }

  @Override
  public void run(
      int n,
      float[] a,
      int ao,
      int aPitch,
      float[] b,
      int bo,
      int bPitch,
      float[] c,
      int co,
      int cPitch,
      boolean adds) {
    int in = matrix.in(), out = matrix.out(), lanes = GemmTiles.LANES;
    int aLine = inLine == 0 ? aPitch : inLine, cLine = outLine == 0 ? cPitch : outLine;
    float[] values = new float[matrix.map.values() * lanes];
    float[] between = new float[out * in * lanes];
    for (int t = 0, first = ao, place = co; t < n; t++, first += inStep, place += outStep) {
      for (int j = 0; j < in; j++) {
        for (int i = 0; i < in; i++) {
          System.arraycopy(a, first + i * aLine + j * inPixel, values, i * lanes, lanes);
        }
        matrix.map.run(values, lanes);
        for (int i = 0; i < out; i++) {
          int from = matrix.map.outputs()[i] * lanes;
          System.arraycopy(values, from, between, (i * in + j) * lanes, lanes);
        }
      }
      for (int i = 0; i < out; i++) {
        System.arraycopy(between, i * in * lanes, values, 0, in * lanes);
        matrix.map.run(values, lanes);
        for (int j = 0; j < out; j++) {
          int from = matrix.map.outputs()[j] * lanes, to = place + i * cLine + j * outPixel;
          if (adds) for (int q = 0; q < lanes; q++) c[to + q] = values[from + q] + c[to + q];
          else System.arraycopy(values, from, c, to, lanes);
        }
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int in = 6 * (Math.max(inLine, pitch) + inPixel),
        out = 6 * (Math.max(outLine, pitch) + outPixel);
    return Math.max(Math.max(in, out), 36 * GemmTiles.LANES) + n * Math.max(inStep, outStep);
  }

  @Override
  public Tile vector() {
    int in = matrix.in(), out = matrix.out(), lanes = GemmTiles.LANES;
    return VectorCode.compile(v -> {
      int aLine = inLine == 0 ? v.aPitch : v.constant(inLine);
      int cLine = outLine == 0 ? v.cPitch : v.constant(outLine);
      v.loop(
          v.n,
          q -> {
            int first = v.at(v.ao, q, inStep), to = v.at(v.co, q, outStep);
            v.loop( // written out, both loops would be more than the JVM compiles in a method
                v.constant(in),
                j -> {
                  int[] x = v.rows(v.at(first, j, inPixel), aLine, in), column = new int[in];
                  for (int i = 0; i < in; i++) column[i] = v.load(v.a, x[i], 0);
                  int[] y = matrix.map.emit(v, column);
                  int place = v.at(v.bo, j, lanes);
                  for (int i = 0; i < out; i++) v.store(y[i], v.b, place, i * in * lanes);
                });
            v.loop(
                v.constant(out),
                i -> {
                  int place = v.at(v.bo, i, in * lanes);
                  int[] row = new int[in];
                  for (int j = 0; j < in; j++) row[j] = v.load(v.b, place, j * lanes);
                  int[] y = matrix.map.emit(v, row);
                  v.landRow(y, v.plus(to, v.times(i, cLine)), outPixel);
                });
          });
    });
  }
}
