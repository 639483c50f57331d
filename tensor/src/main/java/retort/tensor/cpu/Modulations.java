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
            RUNS.fused(1, a, row + scale, in, x.at() + at, a, row + shift, out, y.at() + at, cols);
          }
        });
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
                    (g, go, i, n) -> RUNS.scaled(1, a, factor + i - row, d, dy.at() + i, g, go, n));
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
            RUNS.fused(0, a, g, us, u.at() + at, hs, h.at() + at, out, y.at() + at, cols);
          }
        });
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
    if (dh != null && !dh.span().equals(dy)) axpby(1, dy, dh.adds() ? 1 : 0, dh.span());
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
                        RUNS.scaled(0, d, dy.at() + i, a, ada.at() + g + i - row, out, at, n));
              }
              if (da == null) continue;
              RUNS.multiplyAdd(d, dy.at() + row, us, u.at() + row, da, dada.span().at() + g, cols);
            }
          }
        });
  }
}
