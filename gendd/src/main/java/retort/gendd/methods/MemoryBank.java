package retort.gendd.methods;

import retort.nn.Declared;
import retort.nn.Init;
import retort.nn.Module;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// A unit vector for every training image, which follows the embedding it last had (Wu et al.,
/// "Unsupervised feature learning via non-parametric instance discrimination", arXiv 1805.01978).
final class MemoryBank extends Module {
  /// How much of the old vector stays.
  private static final double MOMENTUM = 0.5;

  private static final double EPS = 1e-7;

  private final int images;
  private final Declared<Tensor> rows;

  /// The constant that makes scores probabilities: fixed by the first batch, 0 before.
  private final Declared<Tensor> norm;

  MemoryBank(int images, int width) {
    this.images = images;
    rows = buffer("rows", Shape.of(images, width), Init.uniform(1 / Math.sqrt(width / 3.0)));
    norm = buffer("norm", Shape.of(1), Init.zeros());
  }

  /// How well embeddings `[n, width]` of the other net pick their own image out of the compared
  /// ones, by noise-contrastive estimation; a scalar, averaged over the batch.
  ///
  /// @param compared the images each is compared with, its own first, row by row
  Tensor contrast(Tensor embedding, int[] seen, int[] compared, double temperature) {
    int n = seen.length, each = compared.length / n, negatives = each - 1;
    Tensor scores = embedding.linear(rows.get(), null).reshape(n * images, 1);
    int[] place = new int[compared.length];
    for (int i = 0; i < place.length; i++) place[i] = i / each * images + compared[i];
    Tensor similar = scores.gather(place).reshape(n, each).mul(1 / temperature).exp();
    // 1 in the first batch, 0 ever after: nobody reads which.
    Tensor first = norm.get().mul(-1e30).add(1).clamp(0, 1);
    norm.get().blend(1, images, similar.detach().mean().reshape(1).mul(first));
    Tensor p = similar.div(norm.get());
    double noise = (double) negatives / images;
    Tensor sum = p.add(noise + EPS);
    Tensor own = p.narrow(1, 0, 1).div(sum.narrow(1, 0, 1)).log().sum();
    Tensor others = sum.narrow(1, 1, negatives).reciprocal().mul(noise).log().sum();
    return own.add(others).mul(-1.0 / n);
  }

  /// Moves the vectors of images halfway to their embeddings, and back to length 1.
  void remember(Tensor embedding, int[] seen) {
    Tensor old = rows.get().gather(seen);
    Tensor now = Maps.unit(old.mul(MOMENTUM).add(embedding.mul(1 - MOMENTUM)));
    Tensor change = now.sub(old);
    Tensor bank = rows.get();
    bank.device().kernels().scatterAdd(seen, bank.shape().last(), change.span(), bank.span());
  }
}
