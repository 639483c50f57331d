package retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// The generator against the known answers that Random123, the authors' own library, is published
/// with (its file kat_vectors, philox4x32 with 10 rounds), and its draws against what they claim.
class PhiloxTest {
  @Test
  void knownAnswers() {
    assertThat(block(0, 0, 0)).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    assertThat(block(-1, -1, -1)).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    assertThat(block(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L))
        .containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1); // the digits of pi
  }

  private static int[] block(long seed, long stream, long number) {
    int[] out = new int[4];
    new Philox(seed, stream).block(number, out);
    return out;
  }

  @Test
  void drawsAreTheWordsOfTheBlocksInOrder() {
    Philox p = new Philox(3, 4);
    int[] second = block(3, 4, 1);
    for (int i = 0; i < 4; i++) {
      assertThat(p.bits(4 + i)).isEqualTo(second[i]);
      assertThat(p.uniform(4 + i)).isEqualTo((second[i] & 0xffffffffL) / 4294967296.0);
    }
  }

  @Test
  void normalsHaveTheMomentsOfANormal() {
    Philox p = Philox.of(1, "test");
    int n = 40_000;
    double sum = 0, squares = 0, fourth = 0;
    for (int i = 0; i < n; i++) {
      double v = p.normal(i);
      sum += v;
      squares += v * v;
      fourth += v * v * v * v;
    }
    assertThat(sum / n).isCloseTo(0, within(5 / Math.sqrt(n)));
    assertThat(squares / n).isCloseTo(1, within(5 * Math.sqrt(2.0 / n)));
    assertThat(fourth / n).isCloseTo(3, within(5 * Math.sqrt(96.0 / n)));
  }

  @Test
  void purposesAndNumbersGiveStreamsOfTheirOwn() {
    assertThat(Philox.of(1, "a")).isEqualTo(Philox.of(1, "a"));
    assertThat(Philox.of(1, "a").stream()).isNotEqualTo(Philox.of(1, "b").stream());
    assertThat(Philox.of(1, "a", 2).stream()).isNotEqualTo(Philox.of(1, "a", 3).stream());
    assertThat(Philox.of(1, "a", 2, 3).stream()).isNotEqualTo(Philox.of(1, "a", 3, 2).stream());
  }

  @Test
  void aPermutationHoldsEachNumberOnce() {
    int[] p = Philox.of(5, "shuffle").permutation(1000), sorted = p.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < 1000; i++) assertThat(sorted[i]).isEqualTo(i);
    assertThat(p).isNotEqualTo(sorted);
  }

  @Test
  void belowWantsAPositiveBound() {
    Philox p = new Philox(1, 1);
    for (int i = 0; i < 100; i++) assertThat(p.below(i, 3)).isBetween(0, 2);
    assertThatThrownBy(() -> p.below(0, 0)).hasMessage("below: the bound must be positive, got 0");
  }
}
