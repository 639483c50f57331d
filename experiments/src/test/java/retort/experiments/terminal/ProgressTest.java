package retort.experiments.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter text = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private Progress progress(int columns) {
    return new Progress(new PrintWriter(text), columns, nanos::get);
  }

  private void seconds(double s) {
    nanos.addAndGet((long) (s * 1e9));
  }

  @Test
  void saysAtOnceThatItBegan() {
    progress(0).begin("teacher", 0, 10, 1000);
    assertThat(text).hasToString("teacher                epoch 1/10 ░░░░░░░░░░░░░░░░   0 %\n");
  }

  @Test
  void showsSpeedLossAndTimeLeft() {
    Progress progress = progress(0);
    progress.begin("teacher", 0, 10, 1000);
    seconds(20);
    progress.step(2, 500, () -> progress.loss(1.25));
    assertThat(text.toString().lines().toList().getLast())
        .isEqualTo(
            "teacher                epoch 3/10 ████░░░░░░░░░░░░  25 %  loss 1.2500  125 images/s "
                + " 1:00 left");
  }

  @Test
  void countsOnlyWhatWasTrainedSinceAResume() {
    Progress progress = progress(0);
    progress.begin("teacher", 5, 10, 1000);
    seconds(20);
    progress.step(6, 0, () -> progress.loss(1));
    assertThat(text.toString()).contains("epoch 6/10").contains("50 images/s  1:20 left");
  }

  @Test
  void isSparseWhereThereIsNoTerminal() {
    Progress progress = progress(0);
    progress.begin("teacher", 0, 1, 100_000);
    for (int i = 1; i <= 600; i++) {
      seconds(0.1);
      progress.step(0, i * 100, () -> progress.loss(1));
    }
    progress.end("accuracy 90 %");
    assertThat(text.toString().lines()).hasSize(1 + 4 + 1);
    assertThat(text.toString())
        .endsWith("teacher                accuracy 90 % in 1:00\n")
        .doesNotContain("\u001b");
  }

  /// Losses that nobody sees are not asked for.
  @Test
  void asksForLossesWhenALineIsDue() {
    Progress progress = progress(0);
    progress.begin("teacher", 0, 10, 1000);
    progress.step(0, 100, () -> fail("no line is due"));
    seconds(15);
    progress.step(
        0,
        200,
        () -> {
          progress.loss(2);
          progress.loss(1);
        });
    assertThat(text.toString()).contains("loss 1.9000");
  }

  @Test
  void overwritesItsLineOnATerminalAndNeverWraps() {
    Progress progress = progress(40);
    progress.begin("teacher", 0, 10, 1000);
    seconds(1);
    progress.step(0, 500, () -> progress.loss(1));
    progress.say("note");
    progress.end("done");
    String[] lines = text.toString().split("\r\u001b\\[2K", -1);
    assertThat(lines).allSatisfy(line -> assertThat(line.strip().length()).isLessThan(40));
    assertThat(text.toString().chars().filter(c -> c == '\n').count()).isEqualTo(2);
  }

  @Test
  void countsImagesOfWorkWithoutEpochs() {
    Progress progress = progress(0);
    progress.begin("testing", 1000);
    for (int i = 0; i < 4; i++) {
      progress.add(250);
      seconds(8);
    }
    progress.done();
    assertThat(text.toString().lines())
        .containsExactly(
            "testing                ░░░░░░░░░░░░░░░░   0 %",
            "testing                ████████░░░░░░░░  50 %  31 images/s  16 s left");
  }

  @Test
  void writesTimesAsPeopleDo() {
    assertThat(Progress.time(48.4)).isEqualTo("48 s");
    assertThat(Progress.time(187)).isEqualTo("3:07");
    assertThat(Progress.time(3729)).isEqualTo("1:02:09");
  }
}
