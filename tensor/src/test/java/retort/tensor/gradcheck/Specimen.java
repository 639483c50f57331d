package retort.tensor.gradcheck;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Right functions with right backwards, written by hand on plain arrays: what the mutations are
/// applied to. None of them knows of tensors or tapes.
record Specimen(String name, String inputs, Differentiable f) {
  static List<Specimen> all() {
    return List.of(
        new Specimen("matmul", "3x4, 4x5", matmul()),
        new Specimen("biasTanh", "4x3, 3", biasTanh()),
        new Specimen("meanSquare", "3x4, 3x4", meanSquare()),
        new Specimen("softmax", "3x4", softmax()),
        new Specimen("conv1d", "6, 3", conv1d()),
        new Specimen("gate", "5, 5", gate()),
        new Specimen("residual", "2x3", residual()),
        new Specimen("rowGain", "3x4, 3x1", rowGain()),
        new Specimen("sumRows", "3x4", sumRows()));
  }

  /// y[m,n] = a[m,k] b[k,n]
  static Differentiable matmul() {
    return Differentiable.of(
        x -> product(x[0], x[1]),
        (x, dy) -> new NdArray[] {product(dy, transpose(x[1])), product(transpose(x[0]), dy)});
  }

  static NdArray product(NdArray a, NdArray b) {
    int m = a.shape()[0];
    int k = a.shape()[1];
    int n = b.shape()[1];
    NdArray y = NdArray.zeros(m, n);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        for (int p = 0; p < k; p++) {
          y.data()[i * n + j] += a.data()[i * k + p] * b.data()[p * n + j];
        }
      }
    }
    return y;
  }

  static NdArray transpose(NdArray a) {
    int m = a.shape()[0];
    int n = a.shape()[1];
    NdArray t = NdArray.zeros(n, m);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        t.data()[j * m + i] = a.data()[i * n + j];
      }
    }
    return t;
  }

  /// y[r,c] = tanh(x[r,c] + b[c])
  static Differentiable biasTanh() {
    Function<NdArray[], NdArray> f =
        x -> {
          NdArray y = x[0].copy();
          for (int e = 0; e < y.size(); e++) {
            y.data()[e] = Math.tanh(y.data()[e] + x[1].data()[e % x[1].size()]);
          }
          return y;
        };
    return Differentiable.of(
        f,
        (x, dy) -> {
          NdArray y = f.apply(x);
          NdArray dx = x[0].copy();
          NdArray db = NdArray.zeros(x[1].shape());
          for (int e = 0; e < y.size(); e++) {
            dx.data()[e] = dy.data()[e] * (1 - y.data()[e] * y.data()[e]);
            db.data()[e % db.size()] += dx.data()[e];
          }
          return new NdArray[] {dx, db};
        });
  }

  /// y = mean (a - b)^2
  static Differentiable meanSquare() {
    return Differentiable.of(
        x -> {
          double sum = 0;
          for (int e = 0; e < x[0].size(); e++) {
            sum += Math.pow(x[0].data()[e] - x[1].data()[e], 2);
          }
          return NdArray.scalar(sum / x[0].size());
        },
        (x, dy) -> {
          NdArray da = x[0].copy();
          NdArray db = x[1].copy();
          for (int e = 0; e < da.size(); e++) {
            da.data()[e] = dy.data()[0] * 2 * (x[0].data()[e] - x[1].data()[e]) / da.size();
            db.data()[e] = -da.data()[e];
          }
          return new NdArray[] {da, db};
        });
  }

  /// y[r,:] = softmax(x[r,:])
  static Differentiable softmax() {
    Function<NdArray[], NdArray> f =
        x -> {
          NdArray y = x[0].copy();
          int n = y.shape()[1];
          for (int start = 0; start < y.size(); start += n) {
            double sum = 0;
            for (int e = start; e < start + n; e++) {
              y.data()[e] = Math.exp(y.data()[e]);
              sum += y.data()[e];
            }
            for (int e = start; e < start + n; e++) {
              y.data()[e] /= sum;
            }
          }
          return y;
        };
    return Differentiable.of(
        f,
        (x, dy) -> {
          NdArray y = f.apply(x);
          NdArray dx = y.copy();
          int n = y.shape()[1];
          for (int start = 0; start < y.size(); start += n) {
            double dot = 0;
            for (int e = start; e < start + n; e++) {
              dot += dy.data()[e] * y.data()[e];
            }
            for (int e = start; e < start + n; e++) {
              dx.data()[e] = y.data()[e] * (dy.data()[e] - dot);
            }
          }
          return new NdArray[] {dx};
        });
  }

  /// y[i] = sum_k x[i + k - 1] w[k], zero padded
  static Differentiable conv1d() {
    return Differentiable.of(
        x -> {
          NdArray y = NdArray.zeros(x[0].size());
          for (int i = 0; i < y.size(); i++) {
            for (int k = 0; k < 3; k++) {
              int at = i + k - 1;
              y.data()[i] += at < 0 || at >= y.size() ? 0 : x[0].data()[at] * x[1].data()[k];
            }
          }
          return y;
        },
        (x, dy) -> {
          NdArray dx = NdArray.zeros(x[0].size());
          NdArray dw = NdArray.zeros(3);
          for (int i = 0; i < dy.size(); i++) {
            for (int k = 0; k < 3; k++) {
              int at = i + k - 1;
              if (at >= 0 && at < dx.size()) {
                dx.data()[at] += dy.data()[i] * x[1].data()[k];
                dw.data()[k] += dy.data()[i] * x[0].data()[at];
              }
            }
          }
          return new NdArray[] {dx, dw};
        });
  }

  /// y = a sigmoid(b)
  static Differentiable gate() {
    return Differentiable.of(
        x -> {
          NdArray y = x[0].copy();
          for (int e = 0; e < y.size(); e++) {
            y.data()[e] *= sigmoid(x[1].data()[e]);
          }
          return y;
        },
        (x, dy) -> {
          NdArray da = dy.copy();
          NdArray db = dy.copy();
          for (int e = 0; e < dy.size(); e++) {
            double s = sigmoid(x[1].data()[e]);
            da.data()[e] *= s;
            db.data()[e] *= x[0].data()[e] * s * (1 - s);
          }
          return new NdArray[] {da, db};
        });
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /// y = x + sin(mean of x) : a skip connection beside a branch that sees all of x
  static Differentiable residual() {
    return Differentiable.of(
        x -> {
          NdArray y = x[0].copy();
          double mean = Arrays.stream(x[0].data()).average().orElseThrow();
          for (int e = 0; e < y.size(); e++) {
            y.data()[e] += Math.sin(mean * (e + 1));
          }
          return y;
        },
        (x, dy) -> {
          NdArray dx = dy.copy();
          double mean = Arrays.stream(x[0].data()).average().orElseThrow();
          double dmean = 0;
          for (int e = 0; e < dy.size(); e++) {
            dmean += dy.data()[e] * Math.cos(mean * (e + 1)) * (e + 1);
          }
          for (int e = 0; e < dy.size(); e++) {
            dx.data()[e] += dmean / dx.size();
          }
          return new NdArray[] {dx};
        });
  }

  /// y[r] = sum_c x[r,c]^2
  static Differentiable sumRows() {
    return Differentiable.of(
        x -> {
          int n = x[0].shape()[1];
          NdArray y = NdArray.zeros(x[0].shape()[0]);
          for (int e = 0; e < x[0].size(); e++) {
            y.data()[e / n] += x[0].data()[e] * x[0].data()[e];
          }
          return y;
        },
        (x, dy) -> {
          int n = x[0].shape()[1];
          NdArray dx = x[0].copy();
          for (int e = 0; e < dx.size(); e++) {
            dx.data()[e] *= 2 * dy.data()[e / n];
          }
          return new NdArray[] {dx};
        });
  }

  /// y[r,c] = x[r,c] g[r,1]
  static Differentiable rowGain() {
    return Differentiable.of(
        x -> {
          NdArray y = x[0].copy();
          int n = y.shape()[1];
          for (int e = 0; e < y.size(); e++) {
            y.data()[e] *= x[1].data()[e / n];
          }
          return y;
        },
        (x, dy) -> {
          NdArray dx = dy.copy();
          NdArray dg = NdArray.zeros(x[1].shape());
          int n = dx.shape()[1];
          for (int e = 0; e < dy.size(); e++) {
            dx.data()[e] *= x[1].data()[e / n];
            dg.data()[e / n] += dy.data()[e] * x[0].data()[e];
          }
          return new NdArray[] {dx, dg};
        });
  }
}
