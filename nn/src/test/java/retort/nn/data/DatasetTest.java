package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetTest {
  /// `n` images of 2x2x1 whose first pixel counts up; labels go round.
  static Dataset counting(int n, int classes) {
    byte[] pixels = new byte[4 * n];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      pixels[4 * i] = (byte) i;
      labels[i] = i % classes;
    }
    return new Dataset(
        "counting",
        2,
        2,
        1,
        pixels,
        labels,
        IntStream.range(0, classes).mapToObj(Integer::toString).toList(),
        new Normalisation(new float[] {0}, new float[] {1}));
  }

  @Test
  void holdsOutTheSameShareOfEveryClass() {
    Dataset data = counting(200, 4);
    Dataset.Split split = data.holdOut(0.1, 7);
    assertThat(split.train().counts()).containsOnly(45);
    assertThat(split.heldOut().counts()).containsOnly(5);
    int[] all = new int[200];
    for (int i = 0; i < 180; i++) {
      all[split.train().image(i).at(0, 0, 0)]++;
    }
    for (int i = 0; i < 20; i++) {
      all[split.heldOut().image(i).at(0, 0, 0)]++;
    }
    assertThat(all).as("each image once").containsOnly(1);
    assertThat(data.holdOut(0.1, 7).heldOut().pixels()).isEqualTo(split.heldOut().pixels());
    assertThat(data.holdOut(0.1, 8).heldOut().pixels()).isNotEqualTo(split.heldOut().pixels());
    assertThatThrownBy(() -> data.holdOut(1, 7))
        .hasMessage("the share to hold out must be in [0, 1), got 1.0");
  }

  @Test
  void longTailsHaveThePublishedSizes() {
    // The counts of CIFAR-100-LT, which has 500 images a class.
    Dataset full = counting(50_000, 100);
    int[][] expected = {{100, 10_847, 5}, {50, 12_608, 10}, {10, 19_573, 50}};
    for (int[] row : expected) {
      Dataset tail = full.longTailed(row[0], 0);
      assertThat(tail.size()).isEqualTo(row[1]);
      int[] counts = tail.counts();
      assertThat(counts[0]).isEqualTo(500);
      assertThat(counts[99]).isEqualTo(row[2]);
      assertThat(Arrays.stream(counts).boxed().toList())
          .isSortedAccordingTo(Collections.reverseOrder());
    }
    assertThatThrownBy(() -> full.longTailed(0.5, 0))
        .hasMessage("the imbalance must be at least 1, got 0.5");
  }

  @Test
  void takesTheFirstOfEachClass() {
    Dataset few = counting(50, 5).perClass(2);
    assertThat(few.counts()).containsOnly(2);
    assertThat(few.labels()).containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
  }

  @Test
  void aThinnedLongTailKeepsItsShape() {
    Dataset tail = counting(50_000, 100).longTailed(100, 0);
    int[] counts = tail.thinned(50).counts();
    assertThat(counts[0]).isEqualTo(50);
    assertThat(counts[50]).isEqualTo(Math.round(tail.counts()[50] / 10f));
    assertThat(counts[99]).as("5 images in the whole").isEqualTo(1);
    assertThat(tail.thinned(5).counts()).doesNotContain(0);
    assertThat(tail.thinned(500).counts()).isEqualTo(tail.counts());
    assertThat(tail.thinned(9999).size()).isEqualTo(tail.size());
  }

  @Test
  void itsHashSeesPixelsAndLabels() {
    Dataset data = counting(10, 2);
    assertThat(data.sha256()).hasSize(64).isEqualTo(counting(10, 2).sha256());
    assertThat(data.subset(0, 1, 2).sha256()).isNotEqualTo(data.subset(0, 2, 1).sha256());
  }

  @Test
  void refusesWhatDoesNotFit() {
    Normalisation grey = new Normalisation(new float[] {0}, new float[] {1});
    assertThatThrownBy(
            () -> new Dataset("x", 2, 2, 1, new byte[8], new int[] {0, 3}, List.of("a", "b"), grey))
        .hasMessage("x: image 1 has label 3, but there are 2 classes");
    assertThatThrownBy(
            () -> new Dataset("x", 2, 2, 1, new byte[7], new int[2], List.of("a", "b"), grey))
        .hasMessage("x: 2 images of 2x2x1 don't fill 7 bytes");
    assertThatThrownBy(
            () -> new Dataset("x", 2, 2, 3, new byte[24], new int[2], List.of("a", "b"), grey))
        .hasMessage("x: normalisation for 1 channels, images of 3");
  }

  @Test
  void statisticsAreOverAllPixels() {
    byte[] pixels = {0, 10, (byte) 255, 10};
    Normalisation n = Normalisation.of(pixels, 2);
    assertThat(n.mean()).containsExactly(0.5f, 10 / 255f);
    assertThat(n.std()).containsExactly(0.5f, 1f);
    assertThat(n.table()[255]).isEqualTo(1f);
    assertThat(n.table()[256 + 10]).isZero();
    assertThatThrownBy(() -> new Normalisation(new float[1], new float[1]))
        .hasMessage("a standard deviation must be positive, got 0.0");
  }
}
