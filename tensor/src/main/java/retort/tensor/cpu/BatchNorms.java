package retort.tensor.cpu;

import static retort.tensor.cpu.ChannelRuns.CHANNELS;

import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;
import retort.tensor.Unary;

/// Batch normalisation: two passes over memory forward, two back, with the ReLU and the residual
/// add in the same passes.
interface BatchNorms extends Kernels {
  Workers workers();

  @Override
  default void moments(int rows, int cols, Span x, Span stats) {
    new Channels(workers(), rows, cols).moments(x, stats);
  }

  @Override
  default void momentsGrad(int rows, int cols, Span x, Span stats, Span dstats, Slot dx) {
    if (dx == null) return;
    Channels channels = new Channels(workers(), rows, cols);
    float[] k = channels.take(3), s = (float[]) stats.array(), d = (float[]) dstats.array();
    for (int c = 0; c < cols; c++) {
      k[channels.place(0) + c] = s[stats.at() + c];
      k[channels.place(1) + c] = 2 * d[dstats.at() + cols + c] / rows;
      k[channels.place(2) + c] = d[dstats.at() + c] / rows;
    }
    for (int i = 0; i < 3; i++) channels.repeat(k, i);
    channels.scale(k, false, x, null, dx);
    Scratch.give(k);
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
    Channels channels = new Channels(workers(), rows, cols);
    float[] k = channels.take(3), s = (float[]) stats.array();
    float[] g = (float[]) gamma.array(), b = (float[]) beta.array();
    for (int c = 0; c < cols; c++) {
      k[channels.place(0) + c] = s[stats.at() + c];
      k[channels.place(1) + c] =
          (float) (g[gamma.at() + c] / Math.sqrt(s[stats.at() + cols + c] + eps));
      k[channels.place(2) + c] = b[beta.at() + c];
    }
    for (int i = 0; i < 3; i++) channels.repeat(k, i);
    channels.scale(k, relu, x, residual, Slot.write(y));
    Scratch.give(k);
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
      Span y,
      Span dy,
      Slot dx,
      Slot dgamma,
      Slot dbeta,
      Slot dresidual) {
    if (relu && dresidual != null && !dresidual.adds()) {
      // the residual's gradient is dy behind the ReLU: what the rest is made of, and y isn't read
      // again
      Span masked = dresidual.span();
      unaryGrad(Unary.RELU, 0, 0, null, y, dy, dresidual);
      batchNormGrad(
          rows, cols, eps, false, batchStats, x, stats, gamma, y, masked, dx, dgamma, dbeta, null);
      return;
    }
    Channels channels = new Channels(workers(), rows, cols);
    float[] k = channels.take(4), s = (float[]) stats.array(), g = (float[]) gamma.array();
    int mean = channels.place(0), a = channels.place(1), b = channels.place(2);
    int c0 = channels.place(3);
    System.arraycopy(s, stats.at(), k, mean, cols);
    channels.repeat(k, 0);
    double[] sums = gradSums(channels, k, relu, x, y, dy);
    for (int c = 0; c < cols; c++) {
      double rstd = 1 / Math.sqrt(s[stats.at() + cols + c] + eps),
          factor = g[gamma.at() + c] * rstd;
      double sum = sums[c], dot = sums[cols + c] * rstd;
      land(dgamma, c, dot);
      land(dbeta, c, sum);
      k[a + c] = (float) factor;
      k[b + c] = batchStats ? (float) (-factor * rstd * dot / rows) : 0;
      k[c0 + c] = batchStats ? (float) (-factor * sum / rows) : 0;
    }
    Scratch.give(sums);
    for (int i = 1; i < 4; i++) channels.repeat(k, i);
    if (dx != null) grad(channels, k, relu, x, y, dy, dx);
    Scratch.give(k);
    if (dresidual == null) return;
    if (relu) unaryGrad(Unary.RELU, 0, 0, null, y, dy, dresidual);
    else axpby(1, dy, dresidual.adds() ? 1 : 0, dresidual.span());
  }

  /// The sums of dy, and of dy (x - mean), a channel.
  private static double[] gradSums(
      Channels channels, float[] k, boolean relu, Span x, Span y, Span dy) {
    float[] in = (float[]) x.array(), d = (float[]) dy.array();
    float[] out = relu ? (float[]) y.array() : null;
    int mean = channels.place(0);
    return channels.sums((s, one, other, i, n) -> {
      int at = dy.at() + i, xo = x.at() + i;
      if (!relu) CHANNELS.gradSums(d, at, in, xo, k, mean, s, one, other, n);
      else {
        CHANNELS.gradSumsRelu(d, at, out, y.at() + i, in, xo, k, mean, s, one, other, n);
      }
    });
  }

  private static void grad(
      Channels channels, float[] k, boolean relu, Span x, Span y, Span dy, Slot dx) {
    float[] in = (float[]) x.array(), d = (float[]) dy.array();
    float[] out = relu ? (float[]) y.array() : null;
    int mean = channels.place(0), a = channels.place(1), b = channels.place(2);
    int c = channels.place(3);
    channels.parts((from, to) -> {
      try (Into into = Into.of(dx)) {
        into.fill(
            from,
            to,
            (g, at, first, count) ->
                channels.runs(
                    first,
                    first + count,
                    (i, p, n) -> {
                      int dat = dy.at() + i, xo = x.at() + i, go = at + i - first;
                      if (!relu) {
                        CHANNELS.grad(d, dat, in, xo, k, mean + p, a + p, b + p, c + p, g, go, n);
                      } else {
                        int yo = y.at() + i;
                        CHANNELS.gradRelu(
                            d, dat, out, yo, in, xo, k, mean + p, a + p, b + p, c + p, g, go, n);
                      }
                    }));
      }
    });
  }

  private static void land(Slot slot, int i, double v) {
    if (slot == null) return;
    float[] a = (float[]) slot.span().array();
    int at = slot.span().at() + i;
    a[at] = (float) (slot.adds() ? a[at] + v : v);
  }
}
