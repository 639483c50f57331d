package retort.nn.optim;

/// A number that changes over training, such as a learning rate, as a pure function of where
/// training is: nothing to save, nothing to resume. Epochs and steps count from 0.
@FunctionalInterface
public interface Schedule {
  /// @param epoch the epoch
  /// @param step the step within it
  double at(int epoch, int step);

  static Schedule constant(double value) {
    return (epoch, step) -> value;
  }

  /// Multiplied by `factor` from each of these epochs on.
  static Schedule steps(double value, double factor, int... milestones) {
    int[] from = milestones.clone();
    return (epoch, step) -> {
      double v = value;
      for (int m : from) if (epoch >= m) v *= factor;
      return v;
    };
  }

  /// A linear rise from 0 over the first epochs, then half a cosine down to `low` at the end, both
  /// step by step (Loshchilov and Hutter, "SGDR", arXiv 1608.03983).
  static Schedule cosine(double high, double low, int warmUp, int epochs, int stepsPerEpoch) {
    long rise = (long) warmUp * stepsPerEpoch, all = (long) epochs * stepsPerEpoch;
    return (epoch, step) -> {
      long now = (long) epoch * stepsPerEpoch + step;
      return now < rise
          ? high * (now + 1) / rise
          : falling(high, low, (now - rise) / (double) Math.max(1, all - rise));
    };
  }

  /// The rise and fall of the ImageNet code of "Generative Distribution Distillation" (arXiv
  /// 2507.14503), an epoch at a time: the first epoch has rate high / warmUp, and the first epoch
  /// after the rise is one step down the cosine already.
  static Schedule cosineByEpoch(double high, double low, int warmUp, int epochs) {
    return (epoch, step) ->
        epoch < warmUp
            ? high * (epoch + 1) / warmUp
            : falling(high, low, (epoch - warmUp + 1) / (double) (epochs - warmUp));
  }

  /// timm's cosine, an epoch at a time, by which "ResNet strikes back" (arXiv 2110.00476) trains:
  /// the first epoch has the rate `low`, the rise from there is linear, and the cosine is the one
  /// that began with the first epoch, so that the rise ends a little below `high`.
  static Schedule timmCosine(double high, double low, int warmUp, int epochs) {
    return (epoch, step) ->
        epoch < warmUp
            ? low + (high - low) * epoch / warmUp
            : falling(high, low, epoch / (double) epochs);
  }

  /// The schedule of the CIFAR code of arXiv 2507.14503: counting epochs from 1, a linear rise
  /// while the epoch is below `warmUp`, and a factor 0.1 after each milestone. A quirk kept: the
  /// rise ends at high (warmUp - 1) / warmUp, and the rate stays there, since nothing sets it to
  /// `high`.
  static Schedule cifarSteps(double high, int warmUp, int... milestones) {
    int[] after = milestones.clone();
    return (epoch, step) -> {
      int e = epoch + 1;
      double v = warmUp > 1 ? high * Math.min(e, warmUp - 1) / warmUp : high;
      for (int m : after) if (e > m) v *= .1;
      return v;
    };
  }

  /// Half a cosine up from `low` at the first step of all to `high` at the last: Adam's beta2 in
  /// the code of arXiv 2507.14503 (.95 to .999 on CIFAR, .96 to .999 on ImageNet).
  static Schedule rising(double low, double high, int epochs, int stepsPerEpoch) {
    double last = Math.max(1, (long) epochs * stepsPerEpoch - 1);
    return (epoch, step) ->
        high
            - (high - low)
                / 2
                * (1 + Math.cos(Math.PI * ((long) epoch * stepsPerEpoch + step) / last));
  }

  private static double falling(double high, double low, double part) {
    return low + (high - low) / 2 * (1 + Math.cos(Math.PI * Math.min(1, part)));
  }
}
