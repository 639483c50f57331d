package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class MixTest {
  /// Ten 8x8 images; image i is filled with the value i.
  private static Dataset filled() {
    byte[] pixels = new byte[10 * 64];
    int[] labels = new int[10];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i / 64);
      labels[i / 64] = i / 64;
    }
    return new Dataset(
        "filled",
        8,
        8,
        1,
        pixels,
        labels,
        List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
        new Normalisation(new float[] {0}, new float[] {1 / 255f}));
  }

  private static Batch batch(Mix mix, int epoch) {
    Loader loader = new Loader(Views.plain(filled()), new Order.InOrder(), 10, false, mix);
    try (Batches batches = loader.epoch(epoch)) {
      return batches.next();
    }
  }

  @Test
  void mixupMixesImagesAndLabelsByTheSameShare() {
    boolean between = false;
    for (int epoch = 0; epoch < 20; epoch++) {
      Batch batch = batch(new Mix.MixupCutMix(1, 0, 0, 0, 4), epoch);
      for (int i = 0; i < 10; i++) {
        float kept = batch.targets[i * 10 + i];
        assertThat(batch.targets[i * 10 + 9 - i]).isCloseTo(1 - kept, within(1e-6f));
        float expected = kept * i + (1 - kept) * (9 - i);
        assertThat(batch.images[i * 64]).isCloseTo(expected, within(1e-4f));
        between |= kept > 0.2 && kept < 0.8;
      }
    }
    assertThat(between).isTrue();
  }

  @Test
  void cutMixExchangesABoxAndCountsItsArea() {
    boolean cut = false;
    for (int epoch = 0; epoch < 20; epoch++) {
      Batch batch = batch(new Mix.MixupCutMix(0, 1, 1, 0.1, 4), epoch);
      for (int i = 0; i < 10; i++) {
        int own = 0;
        for (int p = 0; p < 64; p++) {
          float value = Math.round(batch.images[i * 64 + p]);
          assertThat(value).isIn((float) i, (float) (9 - i));
          own += value == i ? 1 : 0;
        }
        // Smoothing 0.1 over ten classes: 0.01 everywhere, 0.9 shared by area.
        assertThat(batch.targets[i * 10 + i]).isCloseTo(0.01f + 0.9f * own / 64, within(1e-5f));
        cut |= own > 5 && own < 59;
      }
    }
    assertThat(cut).isTrue();
  }

  @Test
  void withoutAlphasOnlySmooths() {
    Batch batch = batch(new Mix.MixupCutMix(0, 0, 0.5, 0.2, 4), 0);
    assertThat(batch.images[3 * 64]).isEqualTo(3f, within(1e-6f));
    assertThat(batch.targets[33]).isCloseTo(0.82f, within(1e-6f));
    assertThat(batch.targets[34]).isCloseTo(0.02f, within(1e-6f));
  }

  @Test
  void sharesFollowTheBetaDistribution() {
    // Beta(a, a) has mean 1/2 and variance 1 / (4 (2a + 1)).
    for (double alpha : new double[] {0.2, 1, 2.5}) {
      double sum = 0;
      double squares = 0;
      int n = 3000;
      Samples samples = Views.plain(filled().subset(0, 1));
      Batch batch = new Batch(2, 64, 10);
      for (int step = 0; step < n; step++) {
        batch.begin(step, 2);
        batch.labels[1] = 1;
        new Mix.MixupCutMix(alpha, 0, 0, 0, 8).apply(batch, samples, 0);
        double kept = batch.targets[0];
        sum += kept;
        squares += kept * kept;
      }
      double mean = sum / n;
      assertThat(mean).isCloseTo(0.5, within(0.03));
      assertThat(squares / n - mean * mean).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.01));
    }
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> new Mix.MixupCutMix(-1, 0, 0, 0, 0))
        .hasMessage("alphas must not be negative, got -1.0 and 0.0");
    assertThatThrownBy(() -> new Mix.MixupCutMix(1, 1, 2, 0, 0))
        .hasMessage(
            "the share of CutMix must be in [0, 1] and the smoothing in [0, 1), got 2.0 and 0.0");
    Batch batch = new Batch(1, 64, 10);
    batch.begin(0, 1);
    batch.labels[0] = ImageSource.UNLABELLED;
    assertThatThrownBy(
            () -> new Mix.MixupCutMix(1, 0, 0, 0, 0).apply(batch, Views.plain(filled()), 0))
        .hasMessage("mixup and CutMix mix labels, but image 0 has none");
  }
}
