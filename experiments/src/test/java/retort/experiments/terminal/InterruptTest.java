package retort.experiments.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class InterruptTest {
  @Test
  void holdsTheEndUntilTheWorkIsSaved() throws InterruptedException {
    var interrupt = new Interrupt();
    assertThat(interrupt.requested()).isFalse();
    Thread end = Thread.ofVirtual().start(interrupt::stop);
    while (!interrupt.requested()) Thread.onSpinWait();
    assertThat(end.join(Duration.ofMillis(50))).as("ended before the work was saved").isFalse();
    interrupt.close();
    assertThat(end.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void leavesNothingBehindWhenNobodyInterrupts() {
    for (int i = 0; i < 3; i++) {
      try (var interrupt = new Interrupt()) {
        assertThat(interrupt.requested()).isFalse();
      }
    }
  }
}
