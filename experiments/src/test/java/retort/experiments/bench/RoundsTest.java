package retort.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private static final Work WORK = new Addition(4);

  private final List<String> order = new ArrayList<>();

  /// @param warmAfter the runs after which it says that it is warm
  private record Noted(String name, List<String> order, int warmAfter) implements Contender {
    Noted(String name, List<String> order) {
      this(name, order, 0);
    }

    @Override
    public boolean isWarm() {
      return order.size() >= warmAfter;
    }

    @Override
    public void run() {
      order.add(name);
    }

    @Override
    public float[][] results() {
      return new float[0][];
    }

    @Override
    public void close() {}
  }

  @Test
  void alternatesAndLetsEachBeginInTurn() {
    var rounds = new Rounds(1, new Pace(0, 0, 0, 0, 4, 4, 0));
    var outcome = rounds.run(WORK, List.of(new Noted("a", order), new Noted("b", order)));
    assertThat(outcome.rounds()).isEqualTo(4);
    assertThat(outcome.undisturbed()).isBetween(0, 4);
    assertThat(outcome.seconds()).hasSize(2);
    assertThat(order.subList(0, 2)).containsExactly("a", "b"); // one run warms
    assertThat(String.join("", order.subList(2, 10))).isEqualTo("abbaabba");
  }

  /// Until then it may be no faster from one run to the next, and yet be a tenth of its speed.
  @Test
  void waitsForAContenderThatIsStillBeingCompiled() {
    new Rounds(1, new Pace(0, 0, 60, 0, 1, 1, 0)).run(WORK, List.of(new Noted("c", order, 101)));
    assertThat(order).hasSizeGreaterThan(100);
  }

  @Test
  void settlesBeforeASampleOnSeveralThreads() {
    new Rounds(2, new Pace(0, 0, 0, 0, 1, 1, 0))
        .run(WORK, List.of(new Noted("a", order), new Noted("b", order)));
    assertThat(String.join("", order.subList(2, order.size()))).isEqualTo("aaabbb");
  }

  @Test
  void takesTheMiddleOfTheValues() {
    assertThat(Rounds.median(new double[] {3, 1, 9})).isEqualTo(3);
    assertThat(Rounds.median(new double[] {4, 1, 3, 9})).isEqualTo(3.5);
  }

  @Test
  void readsTheKernelsAccountOfMemory() {
    assertThat(Resident.bytes("Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t 12 kB\n", "VmHWM"))
        .isEqualTo(2 << 20);
    byte[][] held = new byte[1][];
    Long grown = Resident.peakOf(() -> held[0] = new byte[1 << 20]);
    assertThat(grown == null || grown >= 0).isTrue();
    assertThat(held[0]).hasSize(1 << 20);
  }

  @Test
  void readsTheKernelsAccount() {
    assertThat(Load.busy("cpu  100 20 30 5000 40 5 6 7 80 0")).isEqualTo(1.68);
    assertThat(Load.busy("cpu  100 0 0 0")).isEqualTo(1.0);
  }
}
