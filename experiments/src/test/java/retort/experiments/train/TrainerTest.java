package retort.experiments.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

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
import retort.tensor.contract.ReadCounter;

class TrainerTest {
  private static final int STEPS_AN_EPOCH = 5;

  @TempDir Path temp;

  private final Images images = Images.open(Data.of(Images.EMBEDDED, 0.2, 10, 2, false));

  private void train(long seed, double rate, int epochs, BooleanSupplier stop) {
    train(Device.cpu(), seed, Training.sgd(epochs, 16, rate), stop);
  }

  private void train(Device device, long seed, Training how, BooleanSupplier stop) {
    RunFolder folder = RunFolder.resume(temp);
    Progress progress = new Progress(new PrintWriter(new StringWriter()), 0);
    try (RunLog log = folder.log()) {
      Plain plain = Module.on(device, 1, new Plain(images.backbone("resnet8")));
      new Trainer(folder, images, seed, progress, stop, log).train("net", plain, how);
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
                .containsPattern("the loss is no longer a number in epoch 2, step [234] of net")
                .contains("net.safetensors holds the training as it was before"));
    assertThat(checkpoint()).isEqualTo(before);
    train(1, 0.1, 2, () -> false);
    assertThat(Files.readAllLines(temp.resolve("log.jsonl"))).hasSize(2);
  }

  /// What is read is the weights for the checkpoints and the answers to validation images; an
  /// epoch's losses are read together.
  @Test
  void aStepReadsNothing() throws Exception {
    int[] reads = new int[2];
    for (int i = 0; i < 2; i++) {
      var counter = new ReadCounter();
      train(counter.device(), 1, Training.sgd(1, i == 0 ? 16 : 4, 0.01), () -> false);
      reads[i] = counter.reads();
      Files.delete(temp.resolve("net.safetensors"));
    }
    assertThat(reads[1]).isCloseTo(reads[0], within(3)); // 15 more steps; a line may be due
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
