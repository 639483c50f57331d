package retort.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import retort.tensor.cpu.Workers;

class WorkersTest {
  @Test
  void everyPartRunsOnce() {
    Workers workers = new Workers(3);
    for (int round = 0; round < 2000; round++) {
      AtomicIntegerArray runs = new AtomicIntegerArray(17);
      workers.run(17, runs::getAndIncrement);
      for (int i = 0; i < 17; i++) assertThat(runs.get(i)).isEqualTo(1);
    }
  }

  @Test
  void aFailureReachesTheCallerAndTheTeamWorksOn() {
    Workers workers = new Workers(2);
    assertThatThrownBy(() ->
            workers.run(
                8,
                i -> {
                  if (i == 5) throw new IllegalArgumentException("part 5");
                }))
        .hasMessage("part 5");
    int[] sum = new int[4];
    workers.run(4, i -> sum[i] = i);
    assertThat(sum).containsExactly(0, 1, 2, 3);
  }
}
