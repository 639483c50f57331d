package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrawsTest {
  @Test
  void areThePublishedPhiloxNumbers() {
    // The known answers of the authors' library Random123 (kat_vectors, philox4x32 10).
    int[] counter = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};
    Philox.encrypt(counter, 0x299f31d0a4093822L);
    assertThat(counter).containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
    assertThat(new Draws(0, Draws.Use.AUGMENT, 0, 0, 0).bits()).isEqualTo(0x6627e8d5);
  }

  @Test
  void dependOnEveryCoordinate() {
    Set<Integer> first = new HashSet<>();
    for (int seed = 0; seed < 3; seed++) {
      for (Draws.Use use : Draws.Use.values()) {
        for (int epoch = 0; epoch < 3; epoch++) {
          for (int index = 0; index < 3; index++) {
            for (int view = 0; view < 3; view++) {
              first.add(new Draws(seed, use, epoch, index, view).bits());
            }
          }
        }
      }
    }
    assertThat(first).hasSize(81 * Draws.Use.values().length);
    assertThatThrownBy(() -> new Draws(0, Draws.Use.AUGMENT, 0, 0, 1 << 24))
        .hasMessage("view must be in 0..2^24-1, got 16777216");
  }

  @Test
  void haveTheRightMoments() {
    Draws draws = new Draws(5, Draws.Use.MIX, 1, 2, 3);
    double uniform = 0;
    double normal = 0;
    double squares = 0;
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      uniform += draws.uniform();
      double z = draws.normal();
      normal += z;
      squares += z * z;
      counts[draws.below(7)]++;
    }
    assertThat(uniform / 70_000).isCloseTo(0.5, within(0.005));
    assertThat(normal / 70_000).isCloseTo(0, within(0.02));
    assertThat(squares / 70_000).isCloseTo(1, within(0.03));
    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
  }

  @Test
  void shuffleToAPermutation() {
    int[] values = new int[1000];
    Arrays.setAll(values, i -> i);
    int[] shuffled = new Draws(1, Draws.Use.SHUFFLE, 0, 0, 0).shuffle(values.clone());
    assertThat(shuffled).isNotEqualTo(values).containsExactlyInAnyOrder(values);
  }
}
