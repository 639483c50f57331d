package retort.gendd.diffusion;

import retort.tensor.Tensor;

/// What the network says about a noisy token x = sqrt(a) x0 + sqrt(1 - a) eps, where a is the
/// schedule's alphaBar. The three carry the same information; they differ in what an error costs.
public enum Prediction {
  /// The noise eps, and in as many channels again the variance of the reverse step (arXiv
  /// 2102.09672, section 3.1): the paper's. At the noisiest steps the clean token is the small
  /// difference of large numbers, so errors there are amplified.
  NOISE {
    @Override
    Tensor clean(Tensor out, Tensor x, double a) {
      return x.mul(1 / Math.sqrt(a)).sub(out.mul(Math.sqrt(1 / a - 1)));
    }

    @Override
    Tensor target(Tensor x0, Tensor eps, Tensor signal, Tensor noise) {
      return eps;
    }
  },
  /// The clean token x0.
  CLEAN {
    @Override
    Tensor clean(Tensor out, Tensor x, double a) {
      return out;
    }

    @Override
    Tensor target(Tensor x0, Tensor eps, Tensor signal, Tensor noise) {
      return x0;
    }
  },
  /// v = sqrt(a) eps - sqrt(1 - a) x0 ("Progressive distillation for fast sampling of diffusion
  /// models", arXiv 2202.00512, section 4).
  VELOCITY {
    @Override
    Tensor clean(Tensor out, Tensor x, double a) {
      return x.mul(Math.sqrt(a)).sub(out.mul(Math.sqrt(1 - a)));
    }

    @Override
    Tensor target(Tensor x0, Tensor eps, Tensor signal, Tensor noise) {
      return eps.mul(signal).sub(x0.mul(noise));
    }
  };

  /// Whether the network also predicts the reverse step's variance.
  public boolean learnsVariance() {
    return this == NOISE;
  }

  /// The channels of the network for tokens of `d` numbers.
  public int channels(int d) {
    return learnsVariance() ? 2 * d : d;
  }

  /// The clean token that a prediction `[n, d]` at noise level a stands for.
  abstract Tensor clean(Tensor out, Tensor x, double a);

  /// What the network should say; `signal` and `noise` `[n, 1]` hold sqrt(a) and sqrt(1 - a).
  abstract Tensor target(Tensor x0, Tensor eps, Tensor signal, Tensor noise);
}
