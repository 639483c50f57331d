package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import retort.tensor.Binary;

/// Functions of two numbers, and their slopes, over dense runs.
final class Pairs {
  private Pairs() {}

  /// y = f(a, b)
  static void value(Binary f, float[] a, int ao, float[] b, int bo, float[] y, int yo, int n) {
    switch (f) {
      case ADD -> RUNS.blend(1, a, ao, 1, b, bo, 0, y, yo, n);
      case SUB -> RUNS.blend(1, a, ao, -1, b, bo, 0, y, yo, n);
      case MUL -> RUNS.scaled(0, a, ao, b, bo, y, yo, n);
      case DIV -> RUNS.divide(a, ao, b, bo, y, yo, n);
      case MAX -> {
        for (int i = 0; i < n; i++) y[yo + i] = Math.max(a[ao + i], b[bo + i]);
      }
      case MIN -> {
        for (int i = 0; i < n; i++) y[yo + i] = Math.min(a[ao + i], b[bo + i]);
      }
    }
  }

  /// y = d df/da; a and b are read where the slope depends on them.
  static void slopeA(
      Binary f, float[] a, int ao, float[] b, int bo, float[] d, int at, float[] y, int yo, int n) {
    switch (f) {
      case ADD, SUB -> System.arraycopy(d, at, y, yo, n);
      case MUL -> RUNS.scaled(0, d, at, b, bo, y, yo, n);
      case DIV -> RUNS.divide(d, at, b, bo, y, yo, n);
      case MAX -> {
        for (int i = 0; i < n; i++) y[yo + i] = d[at + i] * wins(a[ao + i], b[bo + i]);
      }
      case MIN -> {
        for (int i = 0; i < n; i++) y[yo + i] = d[at + i] * wins(b[bo + i], a[ao + i]);
      }
    }
  }

  /// y = d df/db
  static void slopeB(
      Binary f, float[] a, int ao, float[] b, int bo, float[] d, int at, float[] y, int yo, int n) {
    switch (f) {
      case ADD -> System.arraycopy(d, at, y, yo, n);
      case SUB -> RUNS.affine(0, d, at, -1, 0, y, yo, n);
      case MUL -> RUNS.scaled(0, d, at, a, ao, y, yo, n);
      case DIV -> {
        for (int i = 0; i < n; i++) {
          y[yo + i] = -d[at + i] * a[ao + i] / (b[bo + i] * b[bo + i]);
        }
      }
      case MAX -> {
        for (int i = 0; i < n; i++) y[yo + i] = d[at + i] * wins(b[bo + i], a[ao + i]);
      }
      case MIN -> {
        for (int i = 0; i < n; i++) y[yo + i] = d[at + i] * wins(a[ao + i], b[bo + i]);
      }
    }
  }

  private static float wins(float p, float q) {
    return p > q ? 1 : p == q ? 0.5f : 0;
  }
}
