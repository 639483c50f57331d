package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> NAMES = List.of("--epochs", "--seed", "--threads");

  @Test
  void findsASlipOfTheFingers() {
    assertThat(Nearest.to("--epoch", NAMES)).contains("--epochs");
    assertThat(Nearest.to("--sede", NAMES)).contains("--seed");
    assertThat(Nearest.to("--THREADS", NAMES)).contains("--threads");
    assertThat(Nearest.distance("seed", "sede")).isEqualTo(1);
  }

  @Test
  void suggestsNothingWhereNothingIsClose() {
    assertThat(Nearest.to("--compress", NAMES)).isEmpty();
    assertThat(Nearest.hint("--compress", NAMES)).isEmpty();
    assertThat(Nearest.hint("--sed", NAMES)).isEqualTo("; did you mean '--seed'?");
  }
}
