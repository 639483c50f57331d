package retort.tensor;

import java.util.List;

/// Every number the library computes is computed by one of these verbs. They check nothing: the ops
/// that call them have. Rules that hold for all:
///
/// - destinations come last; a [Span] is overwritten, whatever it held; a [Slot] is written or
///   added to, and a `null` slot means that nobody wants it;
/// - `rows x cols` blocks are row-major and dense; images are `[n, h, w, c]`;
/// - sources and destinations don't overlap, except that elementwise verbs may write over a source
///   of the same extent;
/// - the result's bits do not depend on the number of threads.
public interface Kernels {
  // ---- filling and moving

  void fill(double value, Span y);

  /// y = alpha x + beta y. With beta 0, what y held doesn't matter.
  void axpby(double alpha, Span x, double beta, Span y);

  void move(Move m, Span x, Slot y);

  /// y[i, :] = x[index[i], :], rows of `width`.
  void gather(int[] index, int width, Span x, Span y);

  /// dx[index[i], :] += dy[i, :]; dx holds numbers already.
  void scatterAdd(int[] index, int width, Span dy, Span dx);

  // ---- elementwise

  void unary(Unary f, double a, double b, Span x, Span y);

  /// dx = dy f'(x); x may be null where the slope is written in y, y where it is written in x. dx
  /// may be dy's own numbers.
  void unaryGrad(Unary f, double a, double b, Span x, Span y, Span dy, Slot dx);

  void binary(Binary f, Broadcast g, Span a, Span b, Span y);

  /// Gradients of both operands, each summed back to its own extent.
  void binaryGrad(Binary f, Broadcast g, Span a, Span b, Span dy, Slot da, Slot db);

  // ---- reductions over the middle of [outer, n, inner]

  void reduce(Reduction r, int outer, int n, int inner, Span x, Slot y);

  /// x and y are read for MAX alone.
  void reduceGrad(Reduction r, int outer, int n, int inner, Span x, Span y, Span dy, Slot dx);

  /// The sum of squares, accumulated in double precision.
  double sumSquares(Span x);

  // ---- products and convolutions

  /// c = op(a) op(b) + bias; bias `[n]` may be null.
  void matmul(Product p, Span a, Span b, Span bias, Slot c);

  /// y = conv(x, weight) + bias; bias `[f]` may be null.
  void conv(Convolution g, Span x, Span weight, Span bias, Slot y);

  void convGradInput(Convolution g, Span dy, Span weight, Slot dx);

  void convGradWeight(Convolution g, Span dy, Span x, Slot dweight);

  // ---- pooling

  void maxPool(Pooling g, Span x, Span y);

  /// The gradient goes to the first of equal maxima in a window.
  void maxPoolGrad(Pooling g, Span x, Span y, Span dy, Slot dx);

  void avgPool(Pooling g, Span x, Span y);

  void avgPoolGrad(Pooling g, Span dy, Slot dx);

  // ---- normalisation

  /// Mean and biased variance of each column of x `[rows, cols]`, into stats `[2, cols]`.
  void moments(int rows, int cols, Span x, Span stats);

  /// dx from dstats `[2, cols]`.
  void momentsGrad(int rows, int cols, Span x, Span stats, Span dstats, Slot dx);

  /// y = act((x - mean) / sqrt(var + eps) gamma + beta + residual) a column, with stats `[2, cols]`
  /// = mean, var; residual `[rows, cols]` may be null, act is ReLU or nothing.
  void batchNorm(
      int rows,
      int cols,
      double eps,
      boolean relu,
      Span x,
      Span stats,
      Span gamma,
      Span beta,
      Span residual,
      Span y);

  /// The way back of [#batchNorm]. With `batchStats` the statistics were those of x itself, and
  /// their dependence on x is part of dx; otherwise they are constants. y is wanted where `relu` is
  /// set. A beta that isn't null says that no residual was added: then the sign of y follows from
  /// the other numbers, and a device may spare itself reading y. One of dx and dresidual, the
  /// latter where there is one, may be dy's own numbers.
  void batchNormGrad(
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
      Slot dresidual);

  /// y = (x - mean) / sqrt(var + eps) gamma + beta a row; gamma and beta `[cols]` may both be null.
  /// Writes stats `[rows, 2]` = mean, 1 / sqrt(var + eps) for the way back.
  void layerNorm(int rows, int cols, double eps, Span x, Span gamma, Span beta, Span stats, Span y);

  /// dx may be dy's own numbers.
  void layerNormGrad(
      int rows,
      int cols,
      Span x,
      Span gamma,
      Span stats,
      Span dy,
      Slot dx,
      Slot dgamma,
      Slot dbeta);

  // ---- adaptive modulation: shift, scale and gate are columns of ada [rows, width]

  /// y = x (1 + ada[:, scale..]) + ada[:, shift..], x `[rows, cols]`.
  void modulate(int rows, int cols, int width, int shift, int scale, Span x, Span ada, Span y);

  /// `dada` adds: it holds numbers already.
  void modulateGrad(
      int rows,
      int cols,
      int width,
      int shift,
      int scale,
      Span x,
      Span ada,
      Span dy,
      Slot dx,
      Slot dada);

  /// y = h + ada[:, gate..] u.
  void gatedAdd(int rows, int cols, int width, int gate, Span h, Span ada, Span u, Span y);

  /// `dada` adds: it holds numbers already. dh may be dy's own numbers.
  void gatedAddGrad(
      int rows,
      int cols,
      int width,
      int gate,
      Span ada,
      Span u,
      Span dy,
      Slot dh,
      Slot dada,
      Slot du);

  // ---- softmax and losses, a row at a time

  /// y = softmax(x), or its logarithm.
  void softmax(int rows, int cols, boolean log, Span x, Span y);

  void softmaxGrad(int rows, int cols, boolean log, Span y, Span dy, Slot dx);

  /// loss[i] = -sum_j t[i, j] log p[i, j], p = softmax(x), where t is 1 - smoothing on the label
  /// plus smoothing / cols everywhere. Writes p for the way back.
  void crossEntropy(int rows, int cols, int[] labels, double smoothing, Span x, Span p, Span loss);

  /// dx[i, :] = dloss[i] (p[i, :] - t[i, :]).
  void crossEntropyGrad(
      int rows, int cols, int[] labels, double smoothing, Span p, Span dloss, Slot dx);

  // ---- random numbers: draw i of a stream lands at place i

  /// Uniform on [0, 1).
  void uniform(Philox draws, Span y);

  /// Standard normal.
  void normal(Philox draws, Span y);

  /// y = x / (1 - p) where draw i is at least p, else 0. On the way back it is applied to dy.
  void dropout(double p, Philox draws, Span x, Slot y);

  // ---- optimisers, in place

  /// g += decay w; v = momentum v + g; w -= rate (nesterov ? g + momentum v : v). The velocity may
  /// be null where momentum is 0.
  void sgd(
      double rate,
      double momentum,
      boolean nesterov,
      double decay,
      Span gradient,
      Span velocity,
      Span w);

  /// w *= 1 - rate decay; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g g; w -= rate (m
  /// / correction1) / (sqrt(v / correction2) + eps).
  void adamW(
      double rate,
      double beta1,
      double beta2,
      double eps,
      double decay,
      double correction1,
      double correction2,
      Span gradient,
      Span m,
      Span v,
      Span w);

  /// Shortens all runs by one factor, longest / (norm + eps), so that their norm as one vector is
  /// at most `longest`; runs whose norm is no number stay as they are. A device that the host runs
  /// ahead of makes a kernel of it, so that nobody waits for the norm.
  default void shorten(double longest, double eps, List<Span> xs) {
    double squares = 0;
    for (Span x : xs) squares += sumSquares(x);
    double factor = longest / (Math.sqrt(squares) + eps);
    if (factor < 1) for (Span x : xs) axpby(factor, x, 0, x);
  }

  /// w -= rate |w| / |direction| direction, and rate direction where either has no length. Like
  /// [#shorten], nobody needs to wait for the lengths.
  default void lamb(double rate, Span direction, Span w) {
    double own = Math.sqrt(sumSquares(w)), its = Math.sqrt(sumSquares(direction));
    axpby(-rate * (own > 0 && its > 0 ? own / its : 1), direction, 1, w);
  }
}
