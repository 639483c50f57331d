package retort.tensor.cpu;

/// A transform of Winograd's: the square block X of a, a number of each channel, becomes M X M^T in
/// c, for n vectors of channels one after another.
///
/// Block numbers lie `inLine` and `inPixel` apart, and `outLine` and `outPixel`; a line pitch of 0
/// stands for the pitch of the call. b holds what lies between the two multiplications.
record WinogradTile(Matrix matrix, int inLine, int inPixel, int outLine, int outPixel)
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
    int in = matrix.in(), out = matrix.out(), channels = n * GemmTiles.LANES;
    int aLine = inLine == 0 ? aPitch : inLine, cLine = outLine == 0 ? cPitch : outLine;
    float[] values = new float[matrix.map.values() * channels];
    float[] between = new float[out * in * channels];
    for (int j = 0; j < in; j++) {
      for (int i = 0; i < in; i++) {
        System.arraycopy(a, ao + i * aLine + j * inPixel, values, i * channels, channels);
      }
      matrix.map.run(values, channels);
      for (int i = 0; i < out; i++) {
        int from = matrix.map.outputs()[i] * channels;
        System.arraycopy(values, from, between, (i * in + j) * channels, channels);
      }
    }
    for (int i = 0; i < out; i++) {
      System.arraycopy(between, i * in * channels, values, 0, in * channels);
      matrix.map.run(values, channels);
      for (int j = 0; j < out; j++) {
        int from = matrix.map.outputs()[j] * channels, to = co + i * cLine + j * outPixel;
        if (adds) for (int q = 0; q < channels; q++) c[to + q] = values[from + q] + c[to + q];
        else System.arraycopy(values, from, c, to, channels);
      }
    }
  }

  @Override
  public int reach(int n, int pitch) {
    int in = 6 * (Math.max(inLine, pitch) + inPixel),
        out = 6 * (Math.max(outLine, pitch) + outPixel);
    return Math.max(in, Math.max(out, 36 * GemmTiles.LANES)) + n * GemmTiles.LANES;
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
            int first = v.at(v.ao, q, lanes), to = v.at(v.co, q, lanes);
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
