package retort.tensor.reference;

import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Batch and layer normalisation, and the modulation of adaptive layer norm.
interface Norms extends Kernels {
  @Override
  default void moments(int rows, int cols, Span x, Span stats) {
    View in = View.of(x), out = View.of(stats);
    for (int c = 0; c < cols; c++) {
      double mean = 0, var = 0;
      for (int r = 0; r < rows; r++) mean += in.get(r * cols + c);
      mean /= rows;
      for (int r = 0; r < rows; r++) var += Math.pow(in.get(r * cols + c) - mean, 2);
      out.set(c, mean);
      out.set(cols + c, var / rows);
    }
  }

  @Override
  default void momentsGrad(int rows, int cols, Span x, Span stats, Span dstats, Slot dx) {
    if (dx == null) return;
    View in = View.of(x), s = View.of(stats), d = View.of(dstats), to = View.of(dx);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        int i = r * cols + c;
        to.land(i, (d.get(c) + 2 * d.get(cols + c) * (in.get(i) - s.get(c))) / rows);
      }
    }
  }

  @Override
  default void batchNorm(
      int rows,
      int cols,
      double eps,
      boolean relu,
      Span x,
      Span stats,
      Span gamma,
      Span beta,
      Span residual,
      Span y) {
    View in = View.of(x), s = View.of(stats), g = View.of(gamma), b = View.of(beta);
    View extra = View.of(residual), out = View.of(y);
    for (int i = 0; i < rows * cols; i++) {
      int c = i % cols;
      double v = (in.get(i) - s.get(c)) / Math.sqrt(s.get(cols + c) + eps) * g.get(c) + b.get(c);
      if (extra != null) v += extra.get(i);
      out.set(i, relu ? Math.max(v, 0) : v);
    }
  }

  @Override
  default void batchNormGrad(
      int rows,
      int cols,
      double eps,
      boolean relu,
      boolean batchStats,
      Span x,
      Span stats,
      Span gamma,
      Span beta,
      Span y,
      Span dy,
      Slot dx,
      Slot dgamma,
      Slot dbeta,
      Slot dresidual) {
    View in = View.of(x), s = View.of(stats), g = View.of(gamma), out = View.of(y), d = View.of(dy);
    View tx = View.of(dx), tg = View.of(dgamma), tb = View.of(dbeta), tr = View.of(dresidual);
    for (int c = 0; c < cols; c++) {
      double mean = s.get(c), rstd = 1 / Math.sqrt(s.get(cols + c) + eps);
      double sum = 0, dot = 0; // of dy, and of dy with the normalised x
      for (int i = c; i < rows * cols; i += cols) {
        double v = relu && !(out.get(i) > 0) ? 0 : d.get(i);
        sum += v;
        dot += v * (in.get(i) - mean) * rstd;
      }
      for (int i = c; i < rows * cols; i += cols) {
        double v = relu && !(out.get(i) > 0) ? 0 : d.get(i), norm = (in.get(i) - mean) * rstd;
        if (tr != null) tr.land(i, v);
        if (batchStats) v -= (sum + norm * dot) / rows;
        if (tx != null) tx.land(i, g.get(c) * rstd * v);
      }
      if (tg != null) tg.land(c, dot);
      if (tb != null) tb.land(c, sum);
    }
  }

  @Override
  default void layerNorm(
      int rows, int cols, double eps, Span x, Span gamma, Span beta, Span stats, Span y) {
    View in = View.of(x),
        g = View.of(gamma),
        b = View.of(beta),
        s = View.of(stats),
        out = View.of(y);
    for (int r = 0; r < rows; r++) {
      double mean = 0, var = 0;
      for (int c = 0; c < cols; c++) mean += in.get(r * cols + c) / cols;
      for (int c = 0; c < cols; c++) var += Math.pow(in.get(r * cols + c) - mean, 2) / cols;
      double rstd = 1 / Math.sqrt(var + eps);
      s.set(2 * r, mean);
      s.set(2 * r + 1, rstd);
      for (int c = 0; c < cols; c++) {
        double v = (in.get(r * cols + c) - mean) * rstd;
        out.set(r * cols + c, g == null ? v : v * g.get(c) + b.get(c));
      }
    }
  }

  @Override
  default void layerNormGrad(
      int rows,
      int cols,
      Span x,
      Span gamma,
      Span stats,
      Span dy,
      Slot dx,
      Slot dgamma,
      Slot dbeta) {
    View in = View.of(x), g = View.of(gamma), s = View.of(stats), d = View.of(dy);
    View tx = View.of(dx), tg = View.of(dgamma), tb = View.of(dbeta);
    if (tg != null) tg.ready(cols);
    if (tb != null) tb.ready(cols);
    for (int r = 0; r < rows; r++) {
      double mean = s.get(2 * r), rstd = s.get(2 * r + 1), sum = 0, dot = 0;
      for (int c = 0; c < cols; c++) {
        double v = d.get(r * cols + c), norm = (in.get(r * cols + c) - mean) * rstd;
        if (tg != null) tg.add(c, v * norm);
        if (tb != null) tb.add(c, v);
        if (g != null) v *= g.get(c);
        sum += v;
        dot += v * norm;
      }
      if (tx == null) continue;
      for (int c = 0; c < cols; c++) {
        double v = d.get(r * cols + c) * (g == null ? 1 : g.get(c));
        double norm = (in.get(r * cols + c) - mean) * rstd;
        tx.land(r * cols + c, rstd * (v - (sum + norm * dot) / cols));
      }
    }
  }

  @Override
  default void modulate(
      int rows, int cols, int width, int shift, int scale, Span x, Span ada, Span y) {
    View in = View.of(x), a = View.of(ada), out = View.of(y);
    for (int i = 0; i < rows * cols; i++) {
      int row = i / cols * width, c = i % cols;
      out.set(i, in.get(i) * (1 + a.get(row + scale + c)) + a.get(row + shift + c));
    }
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
    View in = View.of(x), a = View.of(ada), d = View.of(dy), tx = View.of(dx), ta = View.of(dada);
    for (int i = 0; i < rows * cols; i++) {
      int row = i / cols * width, c = i % cols;
      if (tx != null) tx.land(i, d.get(i) * (1 + a.get(row + scale + c)));
      if (ta != null) {
        ta.add(row + scale + c, d.get(i) * in.get(i));
        ta.add(row + shift + c, d.get(i));
      }
    }
  }

  @Override
  default void gatedAdd(int rows, int cols, int width, int gate, Span h, Span ada, Span u, Span y) {
    View vh = View.of(h), a = View.of(ada), vu = View.of(u), out = View.of(y);
    for (int i = 0; i < rows * cols; i++) {
      out.set(i, vh.get(i) + a.get(i / cols * width + gate + i % cols) * vu.get(i));
    }
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
    View a = View.of(ada), vu = View.of(u), d = View.of(dy);
    View th = View.of(dh), ta = View.of(dada), tu = View.of(du);
    for (int i = 0; i < rows * cols; i++) {
      int at = i / cols * width + gate + i % cols;
      if (th != null) th.land(i, d.get(i));
      if (ta != null) ta.add(at, d.get(i) * vu.get(i));
      if (tu != null) tu.land(i, d.get(i) * a.get(at));
    }
  }
}
