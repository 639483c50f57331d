package retort.tensor.cpu;

import static retort.tensor.cpu.ChannelRuns.CHANNELS;
import static retort.tensor.cpu.ChannelSums.SUMS;
import static retort.tensor.cpu.Maps.MAPS;

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
    float[] k = channels.take(3);
    constants(channels, k, eps, stats, gamma);
    constant(channels, k, 2, beta);
    channels.scale(k, relu, x, residual, Slot.write(y));
    Scratch.give(k);
  }

  /// The first two runs of constants: the mean, and gamma over the deviation. The ReLU's mask, made
  /// again on the way back, has the forward pass's bits because both take them from here.
  private static void constants(Channels channels, float[] k, double eps, Span stats, Span gamma) {
    float[] s = (float[]) stats.array(), g = (float[]) gamma.array();
    int cols = channels.cols();
    constant(channels, k, 0, stats);
    for (int c = 0; c < cols; c++) {
      k[channels.place(1) + c] =
          (float) (g[gamma.at() + c] / Math.sqrt(s[stats.at() + cols + c] + eps));
    }
    channels.repeat(k, 1);
  }

  private static void constant(Channels channels, float[] k, int run, Span value) {
    System.arraycopy(value.array(), value.at(), k, channels.place(run), channels.cols());
    channels.repeat(k, run);
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
    Channels channels = new Channels(workers(), rows, cols);
    float[] k = channels.take(5), s = (float[]) stats.array();
    constants(channels, k, eps, stats, gamma);
    boolean again = relu && beta != null; // the mask is made again, and y not read
    if (again) constant(channels, k, 2, beta);
    float[] lent = null;
    Span d = dy;
    if (relu && !again) {
      // the sums' pass masks dy, into the residual's gradient where that is to be written
      boolean lands = dresidual != null && !dresidual.adds();
      if (!lands) lent = Scratch.take(rows * cols);
      d = lands ? dresidual.span() : new Span(lent, Scratch.ALIGN, rows * cols);
    }
    double[] sums = gradSums(channels, k, again, x, relu ? y : null, dy, d);
    int b = channels.place(3), c0 = channels.place(4);
    for (int c = 0; c < cols; c++) {
      double rstd = 1 / Math.sqrt(s[stats.at() + cols + c] + eps),
          factor = k[channels.place(1) + c];
      double sum = sums[c], dot = sums[cols + c] * rstd;
      land(dgamma, c, dot);
      land(dbeta, c, sum);
      k[b + c] = batchStats ? (float) (-factor * rstd * dot / rows) : 0;
      k[c0 + c] = batchStats ? (float) (-factor * sum / rows) : 0;
    }
    Scratch.give(sums);
    for (int i = 3; i < 5; i++) channels.repeat(k, i);
    if (dx != null) grad(channels, k, again, x, d, dx);
    Scratch.give(k);
    if (dresidual != null && !dresidual.span().equals(d)) {
      if (again) unaryGrad(Unary.RELU, 0, 0, null, y, dy, dresidual);
      else axpby(1, d, dresidual.adds() ? 1 : 0, dresidual.span());
    }
    if (lent != null) Scratch.give(lent);
  }

  /// The sums of d, and of d (x - mean), a channel, d being dy behind the ReLU: masked by y and
  /// written here, or, where `again` is set, dy itself and masked on the fly.
  private static double[] gradSums(
      Channels channels, float[] k, boolean again, Span x, Span y, Span dy, Span d) {
    float[] in = (float[]) x.array(), given = (float[]) dy.array(), masked = (float[]) d.array();
    float[] out = y == null ? null : (float[]) y.array();
    int mean = channels.place(0), scale = channels.place(1), shift = channels.place(2);
    return channels.sums((s, one, other, i, rows, wide) -> {
      int at = d.at() + i, xo = x.at() + i;
      Channels.meet(in, xo, rows, wide);
      Channels.meet(masked, at, rows, wide);
      if (again) {
        SUMS.gradSumsRelu(
            masked, at, in, xo, rows, wide, wide, k, mean, scale, shift, s, one, other);
        return;
      }
      if (out != null) {
        int n = rows * wide;
        MAPS.slope(Unary.RELU, 0, 0, out, y.at() + i, given, dy.at() + i, masked, at, n);
      }
      SUMS.gradSums(masked, at, in, xo, rows, wide, wide, k, mean, s, one, other);
    });
  }

  private static void grad(Channels channels, float[] k, boolean again, Span x, Span dy, Slot dx) {
    float[] in = (float[]) x.array(), d = (float[]) dy.array();
    int mean = channels.place(0), a = channels.place(1), shift = channels.place(2);
    int b = channels.place(3), c = channels.place(4);
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
                      int m = mean + p, f = a + p, t = shift + p;
                      if (again) {
                        CHANNELS.gradRelu(d, dat, in, xo, k, m, f, t, b + p, c + p, g, go, n);
                      } else {
                        CHANNELS.grad(d, dat, in, xo, k, m, f, b + p, c + p, g, go, n);
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
