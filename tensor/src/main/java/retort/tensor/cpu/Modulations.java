package retort.tensor.cpu;

import static retort.tensor.cpu.Runs.RUNS;

import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// The modulation of adaptive layer norm: shift, scale and gate are columns of `ada [rows, width]`.
interface Modulations extends Kernels {
  Workers workers();

  @Override
  default void modulate(
      int rows, int cols, int width, int shift, int scale, Span x, Span ada, Span y) {
    float[] in = (float[]) x.array(), a = (float[]) ada.array(), out = (float[]) y.array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int row = ada.at() + r * width, at = r * cols;
            modulate(in, x.at() + at, a, row + scale, row + shift, out, y.at() + at, cols);
          }
        });
  }

  /// y = x (1 + scale) + shift
  private static void modulate(
      float[] x, int xo, float[] ada, int scale, int shift, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) {
      y[yo + i] = x[xo + i] * (1 + ada[scale + i]) + ada[shift + i];
    }
  }

  /// y = d (1 + scale)
  private static void stretch(float[] d, int at, float[] ada, int scale, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = d[at + i] * (1 + ada[scale + i]);
  }

  @Override
  default void modulateGrad(
      int rows,
      int cols,
      int width,
      int shift,
      int scale,
      Span x,
      Span ada,
      Span dy,
      Slot dx,
      Slot dada) {
    float[] in = (float[]) x.array(), a = (float[]) ada.array(), d = (float[]) dy.array();
    float[] da = dada == null ? null : (float[]) dada.span().array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          try (Into into = Into.of(dx)) {
            for (int r = from; r < to; r++) {
              int row = r * cols, at = dy.at() + row, factor = ada.at() + r * width + scale;
              if (into != null) {
                into.fill(
                    row,
                    row + cols,
                    (g, go, i, n) -> stretch(d, dy.at() + i, a, factor + i - row, g, go, n));
              }
              if (da == null) continue;
              int to0 = dada.span().at() + r * width;
              RUNS.multiplyAdd(d, at, in, x.at() + row, da, to0 + scale, cols);
              RUNS.add(d, at, da, to0 + shift, cols);
            }
          }
        });
  }

  @Override
  default void gatedAdd(int rows, int cols, int width, int gate, Span h, Span ada, Span u, Span y) {
    float[] hs = (float[]) h.array(), a = (float[]) ada.array(), us = (float[]) u.array();
    float[] out = (float[]) y.array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * cols, g = ada.at() + r * width + gate;
            gated(hs, h.at() + at, a, g, us, u.at() + at, out, y.at() + at, cols);
          }
        });
  }

  /// y = h + gate u
  private static void gated(
      float[] h, int ho, float[] ada, int gate, float[] u, int uo, float[] y, int yo, int n) {
    for (int i = 0; i < n; i++) y[yo + i] = h[ho + i] + ada[gate + i] * u[uo + i];
  }

  @Override
  default void gatedAddGrad(
      int rows,
      int cols,
      int width,
      int gate,
      Span ada,
      Span u,
      Span dy,
      Slot dh,
      Slot dada,
      Slot du) {
    if (dh != null) axpby(1, dy, dh.adds() ? 1 : 0, dh.span());
    if (dada == null && du == null) return;
    float[] a = (float[]) ada.array(), us = (float[]) u.array(), d = (float[]) dy.array();
    float[] da = dada == null ? null : (float[]) dada.span().array();
    Parts.rows(
        workers(),
        rows,
        cols,
        (from, to) -> {
          try (Into into = Into.of(du)) {
            for (int r = from; r < to; r++) {
              int row = r * cols, g = r * width + gate;
              if (into != null) {
                into.fill(
                    row,
                    row + cols,
                    (out, at, i, n) ->
                        Runs.multiply(d, dy.at() + i, a, ada.at() + g + i - row, out, at, n));
              }
              if (da == null) continue;
              RUNS.multiplyAdd(d, dy.at() + row, us, u.at() + row, da, dada.span().at() + g, cols);
            }
          }
        });
  }
}
