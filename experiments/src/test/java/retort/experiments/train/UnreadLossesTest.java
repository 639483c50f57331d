package retort.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import retort.gendd.Losses;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.contract.ReadCounter;

class UnreadLossesTest {
  private final ReadCounter counter = new ReadCounter();
  private final Device device = counter.device();
  private final List<String> told = new ArrayList<>();

  private final UnreadLosses unread =
      new UnreadLosses(device, (step, losses) -> told.add(step + ": " + losses));

  private void add(int step, Map<String, Float> losses) {
    Tape.infer(
        device,
        tape -> {
          Losses l = new Losses();
          losses.forEach((name, loss) -> l.and(name, tape.input(Shape.of(), loss)));
          unread.add(step, l);
          return null;
        });
  }

  @Test
  void areToldInOrderWhenTheyAreRead() {
    add(3, Map.of("ce", 0.1f));
    add(4, Map.of("ce", Float.NaN));
    add(5, Map.of("mse", -0f));
    assertThat(told).isEmpty();
    unread.read();
    assertThat(told)
        .containsExactly("3: {ce=" + (double) 0.1f + "}", "4: {ce=NaN}", "5: {mse=-0.0}");
    assertThat(counter.reads()).isEqualTo(1);
    unread.read();
    assertThat(told).hasSize(3);
  }

  @Test
  void areReadWhenThereIsNoMoreRoom() {
    int steps = UnreadLosses.ROOM + 1;
    for (int i = 0; i < steps; i++) add(i, Map.of("ce", (float) i));
    assertThat(counter.reads()).isEqualTo(1);
    unread.read();
    assertThat(told).hasSize(steps).last().isEqualTo("256: {ce=256.0}");
  }

  @Test
  void giveTheirMemoryBack() {
    long live = device.memory().live();
    add(0, Map.of("ce", 1f));
    unread.close();
    assertThat(device.memory().live()).isEqualTo(live - 4L * UnreadLosses.ROOM);
  }
}
