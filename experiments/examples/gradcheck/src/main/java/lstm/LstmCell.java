package lstm;

/// One step of an LSTM (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al.,
/// 2000), forward and backward by hand on plain arrays. It knows nothing of any library.
///
/// i = sigmoid(W_i z + b_i), f and o likewise, g = tanh(W_g z + b_g), with z = [x, h]; c' = f c + i
/// g and h' = o tanh(c'). The rows of W `[4n, m + n]` are those of i, f, g, o.
public class LstmCell {
  /// h' and c', and what backward needs again.
  record Step(
      double[] z, double[] i, double[] f, double[] g, double[] o, double[] c, double[] tanhC) {}

  public double[] forward(double[] x, double[] h, double[] c, double[] w, double[] b) {
    Step s = step(x, h, c, w, b);
    int n = h.length;
    double[] out = new double[2 * n];
    for (int j = 0; j < n; j++) {
      out[j] = s.o[j] * s.tanhC[j];
      out[n + j] = s.c[j];
    }
    return out;
  }

  /// The gradients of x, h, c, W and b, from those of h' and c'.
  public double[][] backward(
      double[] x, double[] h, double[] c, double[] w, double[] b, double[] dout) {
    Step s = step(x, h, c, w, b);
    int n = h.length;
    double[] dgates = new double[4 * n];
    double[] dc = new double[n];
    for (int j = 0; j < n; j++) {
      double dh = dout[j];
      double dcNew = gradientOfNewCell(dout[n + j], dh * s.o[j] * (1 - s.tanhC[j] * s.tanhC[j]));
      dgates[j] = dcNew * s.g[j] * s.i[j] * (1 - s.i[j]);
      dgates[n + j] = dcNew * c[j] * s.f[j] * (1 - s.f[j]);
      dgates[2 * n + j] = dcNew * s.i[j] * (1 - s.g[j] * s.g[j]);
      dgates[3 * n + j] = dh * s.tanhC[j] * s.o[j] * (1 - s.o[j]);
      dc[j] = dcNew * s.f[j];
    }
    double[] dz = new double[s.z.length];
    double[] dw = new double[w.length];
    for (int r = 0; r < dgates.length; r++) {
      for (int k = 0; k < dz.length; k++) {
        dz[k] += dgates[r] * w[r * dz.length + k];
        dw[r * dz.length + k] = dgates[r] * s.z[k];
      }
    }
    double[] dx = new double[x.length];
    double[] dh = new double[n];
    System.arraycopy(dz, 0, dx, 0, x.length);
    System.arraycopy(dz, x.length, dh, 0, n);
    return new double[][] {dx, dh, dc, dw, dgates};
  }

  /// c' is an output itself, and h' is made of it: its gradient is the sum of both.
  double gradientOfNewCell(double direct, double throughHidden) {
    return direct + throughHidden;
  }

  private static Step step(double[] x, double[] h, double[] c, double[] w, double[] b) {
    int n = h.length;
    double[] z = new double[x.length + n];
    System.arraycopy(x, 0, z, 0, x.length);
    System.arraycopy(h, 0, z, x.length, n);
    double[][] gates = new double[4][n];
    for (int r = 0; r < 4 * n; r++) {
      double sum = b[r];
      for (int k = 0; k < z.length; k++) {
        sum += w[r * z.length + k] * z[k];
      }
      gates[r / n][r % n] = r / n == 2 ? Math.tanh(sum) : 1 / (1 + Math.exp(-sum));
    }
    double[] newC = new double[n];
    double[] tanhC = new double[n];
    for (int j = 0; j < n; j++) {
      newC[j] = gates[1][j] * c[j] + gates[0][j] * gates[2][j];
      tanhC[j] = Math.tanh(newC[j]);
    }
    return new Step(z, gates[0], gates[1], gates[2], gates[3], newC, tanhC);
  }
}
