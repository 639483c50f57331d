package retort.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.experiments.Failure;
import retort.experiments.run.RunFolder;
import retort.experiments.run.RunLog;
import retort.experiments.terminal.Progress;
import retort.gendd.methods.Plain;
import retort.nn.Module;
import retort.tensor.Device;

class TrainerTest {
  private static final int STEPS_AN_EPOCH = 5;

  @TempDir Path temp;

  private final Images images = Images.open(Data.of(Images.EMBEDDED, 0.2, 10, 2, false));

  private void train(long seed, double rate, int epochs, BooleanSupplier stop) {
    RunFolder folder = RunFolder.resume(temp);
    Progress progress = new Progress(new PrintWriter(new StringWriter()), 0);
    try (RunLog log = folder.log()) {
      Plain plain = Module.on(Device.cpu(), 1, new Plain(images.backbone("resnet8")));
      new Trainer(folder, images, seed, progress, stop, log)
          .train("net", plain, Training.sgd(epochs, 16, rate));
    }
  }

  private byte[] checkpoint() throws Exception {
    return Files.readAllBytes(temp.resolve("net.safetensors"));
  }

  @Test
  void aLossThatIsNoNumberLeavesTheCheckpointBeforeIt() throws Exception {
    var steps = new AtomicInteger();
    assertThatExceptionOfType(Trainer.Interrupted.class)
        .isThrownBy(() -> train(1, 0.1, 2, () -> steps.incrementAndGet() > STEPS_AN_EPOCH));
    byte[] before = checkpoint();
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> train(1, 1e30, 2, () -> false))
        .satisfies(f ->
            assertThat(f.text())
                .contains("the loss is no longer a number in epoch 2, step ")
                .contains("net.safetensors holds the training as it was before"));
    assertThat(checkpoint()).isEqualTo(before);
    train(1, 0.1, 2, () -> false);
    assertThat(Files.readAllLines(temp.resolve("log.jsonl"))).hasSize(2);
  }

  @Test
  void aCheckpointOfAnotherRunIsRefused() throws Exception {
    train(1, 0.1, 1, () -> false);
    byte[] before = checkpoint();
    assertThatExceptionOfType(Failure.class)
        .isThrownBy(() -> train(2, 0.1, 3, () -> false))
        .withMessage(
            "the checkpoint is of another run: seed 1 and 1 epochs, asked for seed 2 and 3 epochs");
    assertThat(checkpoint()).isEqualTo(before);
  }
}
