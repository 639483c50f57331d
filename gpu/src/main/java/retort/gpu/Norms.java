package retort.gpu;

import retort.gpu.Launcher.Fold;
import retort.gpu.Launcher.Lie;
import retort.tensor.Kernels;
import retort.tensor.Slot;
import retort.tensor.Span;

/// Batch and layer normalisation, and the modulation of adaptive layer norm: normalisation.cu.
interface Norms extends Kernels {
  Launcher gpu();

  private static int flag(boolean b) {
    return b ? 1 : 0;
  }

  @Override
  default void moments(int rows, int cols, Span x, Span stats) {
    Fold fold = new Fold("moments", new Object[] {x}, "moments", rows, x, stats);
    gpu().fold(fold, 2, cols, rows, Lie.DESTINATIONS_TOGETHER);
  }

  @Override
  default void momentsGrad(int rows, int cols, Span x, Span stats, Span dstats, Slot dx) {
    if (dx == null) return;
    int n = rows * cols;
    gpu().each("momentsGrad", n, n, cols, rows, x, stats, dstats, dx);
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
    int n = rows * cols;
    Object[] how = {n, cols, (float) eps, flag(relu), x, stats, gamma, beta, residual, y};
    gpu().each("batchNorm", n, how);
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
    int n = rows * cols, r = flag(relu), b = flag(batchStats);
    float e = (float) eps;
    gpu()
        .scratch(
            2 * cols,
            sums -> {
              Object[] terms = {e, r, x, stats, y, dy};
              Fold fold = new Fold("batchNormGrad", terms, "batchNormGrad", sums, dgamma, dbeta);
              boolean summed = batchStats && dx != null || dgamma != null || dbeta != null;
              if (summed) gpu().fold(fold, 2, cols, rows, Lie.DESTINATIONS_TOGETHER);
              if (dx == null && dresidual == null) return;
              Object[] how = {n, cols, rows, e, r, b, x, stats, gamma, y, dy, sums, dx, dresidual};
              gpu().each("batchNormGradInput", n, how);
            });
  }

  @Override
  default void layerNorm(
      int rows, int cols, double eps, Span x, Span gamma, Span beta, Span stats, Span y) {
    gpu().rows("layerNorm", rows, cols, cols, (float) eps, x, gamma, beta, stats, y);
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
    if (dgamma != null || dbeta != null) { // before dx, which may be dy's own numbers
      Object[] terms = {x, stats, dy};
      Fold fold = new Fold("layerNormGrad", terms, "layerNormGrad", dgamma, dbeta);
      gpu().fold(fold, 2, cols, rows, Lie.DESTINATIONS_TOGETHER);
    }
    if (dx != null) gpu().rows("layerNormGradInput", rows, cols, cols, x, gamma, stats, dy, dx);
  }

  @Override
  default void modulate(
      int rows, int cols, int width, int shift, int scale, Span x, Span ada, Span y) {
    int n = rows * cols;
    gpu().each("modulate", n, n, cols, width, shift, scale, x, ada, y);
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
    int n = rows * cols;
    gpu().each("modulateGrad", n, n, cols, width, shift, scale, x, ada, dy, dx, dada);
  }

  @Override
  default void gatedAdd(int rows, int cols, int width, int gate, Span h, Span ada, Span u, Span y) {
    int n = rows * cols;
    gpu().each("gatedAdd", n, n, cols, width, gate, h, ada, u, y);
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
    int n = rows * cols;
    gpu().each("gatedAddGrad", n, n, cols, width, gate, ada, u, dy, dh, dada, du);
  }
}
