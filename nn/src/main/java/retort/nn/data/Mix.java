package retort.nn.data;

import java.util.Arrays;

/// Mixes the samples of a batch with each other and their labels with them.
public sealed interface Mix {
  /// Leaves batches alone.
  Mix NONE = new None();

  /// Whether batches carry soft targets.
  boolean isSoft();

  /// Mixes in place; the draws depend on (epoch, step) alone.
  void apply(Batch batch, Samples samples, int epoch);

  /// No mixing, hard labels.
  record None() implements Mix {
    @Override
    public boolean isSoft() {
      return false;
    }

    @Override
    public void apply(Batch batch, Samples samples, int epoch) {
      // Batches stay as they are.
    }
  }

  /// mixup (arXiv 1710.09412) and CutMix (arXiv 1905.04899), one of them a batch, with a share
  /// drawn from a Beta distribution: sample i is mixed with sample size-1-i.
  ///
  /// An alpha of 0 turns that kind off; with both on, CutMix is taken with probability
  /// `cutMixShare`. Targets are smoothed: the true class gets 1 - s + s/C, the others s/C.
  record MixupCutMix(
      double mixupAlpha, double cutMixAlpha, double cutMixShare, double smoothing, long seed)
      implements Mix {
    public MixupCutMix {
      if (mixupAlpha < 0 || cutMixAlpha < 0) {
        throw new IllegalArgumentException(
            "alphas must not be negative, got " + mixupAlpha + " and " + cutMixAlpha);
      }
      if (!(cutMixShare >= 0 && cutMixShare <= 1) || !(smoothing >= 0 && smoothing < 1)) {
        throw new IllegalArgumentException(
            "the share of CutMix must be in [0, 1] and the smoothing in [0, 1), got "
                + cutMixShare
                + " and "
                + smoothing);
      }
    }

    @Override
    public boolean isSoft() {
      return true;
    }

    @Override
    public void apply(Batch batch, Samples samples, int epoch) {
      Draws draws = Draws.of(seed, "mix", epoch, batch.step());
      boolean cut = cutMixAlpha > 0 && (mixupAlpha == 0 || draws.chance(cutMixShare));
      double alpha = cut ? cutMixAlpha : mixupAlpha;
      double kept = alpha > 0 ? draws.beta(alpha) : 1;
      if (cut) {
        kept = cutMix(batch, samples, kept, draws);
      } else if (kept < 1) {
        mixup(batch, samples, (float) kept);
      }
      targets(batch, samples.classes(), (float) kept);
    }

    private static void mixup(Batch batch, Samples samples, float kept) {
      int floats = samples.floats();
      for (int i = 0, j = batch.size() - 1; i < j; i++, j--) {
        for (int p = 0; p < floats; p++) {
          float a = batch.images[i * floats + p];
          float b = batch.images[j * floats + p];
          batch.images[i * floats + p] = kept * a + (1 - kept) * b;
          batch.images[j * floats + p] = kept * b + (1 - kept) * a;
        }
      }
    }

    /// Exchanges a box of about 1 - kept of the area, centred anywhere, between partners; returns
    /// the share that was really kept, as the box is cut at the borders.
    private static double cutMix(Batch batch, Samples samples, double kept, Draws draws) {
      int h = samples.height();
      int w = samples.width();
      int boxHeight = (int) (h * Math.sqrt(1 - kept));
      int boxWidth = (int) (w * Math.sqrt(1 - kept));
      int cy = draws.below(h);
      int cx = draws.below(w);
      int top = Math.max(0, cy - boxHeight / 2);
      int bottom = Math.min(h, cy + boxHeight / 2);
      int left = Math.max(0, cx - boxWidth / 2);
      int right = Math.min(w, cx + boxWidth / 2);
      int row = w * samples.channels();
      int from = left * samples.channels();
      int length = (right - left) * samples.channels();
      float[] swap = new float[length];
      for (int i = 0, j = batch.size() - 1; i < j; i++, j--) {
        for (int y = top; y < bottom; y++) {
          int a = i * samples.floats() + y * row + from;
          int b = j * samples.floats() + y * row + from;
          System.arraycopy(batch.images, a, swap, 0, length);
          System.arraycopy(batch.images, b, batch.images, a, length);
          System.arraycopy(swap, 0, batch.images, b, length);
        }
      }
      return 1 - (double) (bottom - top) * (right - left) / (h * w);
    }

    private void targets(Batch batch, int classes, float kept) {
      float off = (float) (smoothing / classes);
      float on = (float) (1 - smoothing);
      Arrays.fill(batch.targets, 0, batch.size() * classes, off);
      for (int i = 0; i < batch.size(); i++) {
        if (batch.labels[i] == ImageSource.UNLABELLED) {
          throw new IllegalArgumentException(
              "mixup and CutMix mix labels, but image " + batch.indices[i] + " has none");
        }
      }
      for (int i = 0; i < batch.size(); i++) {
        batch.targets[i * classes + batch.labels[i]] += on * kept;
        batch.targets[i * classes + batch.labels[batch.size() - 1 - i]] += on * (1 - kept);
      }
    }
  }
}
