package retort.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import retort.tensor.Philox;

class DrawsTest {
  @Test
  void areTheStreamsDrawsInTheirOrder() {
    Philox philox = Philox.of(7, "test", 1, 2);
    Draws draws = Draws.of(7, "test", 1, 2);
    for (int i = 0; i < 10; i++) {
      assertThat(draws.bits()).isEqualTo(philox.bits(i));
    }
    assertThat(draws.below(10)).isEqualTo(philox.below(10, 10));
  }

  @Test
  void dependOnEveryCoordinate() {
    Set<Integer> first = new HashSet<>();
    for (int seed = 0; seed < 3; seed++) {
      for (String purpose : List.of("augment", "mix")) {
        for (int epoch = 0; epoch < 3; epoch++) {
          for (int index = 0; index < 3; index++) {
            for (int view = 0; view < 3; view++) {
              first.add(Draws.of(seed, purpose, epoch, index, view).bits());
            }
          }
        }
      }
    }
    assertThat(first).hasSize(162);
  }

  @Test
  void haveTheRightMoments() {
    Draws draws = Draws.of(5, "test");
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
}
