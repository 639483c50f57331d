package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import retort.nn.backbone.Backbones;
import retort.nn.io.Safetensors;
import retort.nn.optim.AdamW;
import retort.nn.optim.Lamb;
import retort.nn.optim.Optimiser;
import retort.nn.optim.ParameterGroup;
import retort.nn.optim.Sgd;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

class CheckpointTest {
  private static final int STEPS = 3;

  @TempDir Path folder;

  /// A net with everything that has a state: normalisation, dropout.
  private static Sequential net(long seed, Device device) {
    return Module.on(
        device,
        seed,
        new Sequential(
            new Conv2d(1, 4, 3, 1, 1).noBias(),
            new BatchNorm(4),
            Layer.of(x -> x.relu().globalAvgPool()),
            new Dropout(.5, 5),
            new Linear(4, 3)));
  }

  private static void train(Sequential net, Optimiser optimiser, int from, int to) {
    for (int step = from; step < to; step++) {
      Philox draws = Philox.of(1, "images", step);
      if (optimiser instanceof AdamW adam) adam.beta2(.95 + .01 * step / STEPS);
      optimiser.zeroGrad();
      Tape.train(
          net.device(),
          tape -> {
            Tensor x = tape.normal(Shape.of(4, 6, 6, 1), draws);
            tape.backward(net.apply(x).crossEntropy(0, 1, 2, 0).mean());
            return null;
          });
      optimiser.step(.01);
    }
  }

  private static void assertSameBits(Module a, Module b) {
    a.state()
        .forEach((path, t) ->
            assertThat(t.toDoubles()).as(path).isEqualTo(b.state().get(path).toDoubles()));
  }

  @Test
  void training2NEqualsTrainingNThenSavingThenTrainingN() throws IOException {
    for (Device device : new Device[] {Device.cpu(), Device.reference()}) {
      resumes(device, net -> new AdamW(net, .05));
      resumes(device, net -> new Lamb(net, .9, .999, ParameterGroup.all(.05)));
    }
  }

  private void resumes(Device device, Function<Module, Optimiser> maker) throws IOException {
    Sequential whole = net(1, device);
    train(whole, maker.apply(whole), 0, 2 * STEPS);

    Sequential first = net(1, device);
    Optimiser optimiser = maker.apply(first);
    train(first, optimiser, 0, STEPS);
    Path file = folder.resolve(device.name() + ".safetensors");
    new Checkpoint(2, STEPS, 1, Map.of("recipe", "a: 1")).save(file, first, optimiser);

    Sequential second = net(99, device);
    Optimiser resumed = maker.apply(second);
    Checkpoint at = Checkpoint.resume(file, second, resumed);
    assertThat(at).isEqualTo(new Checkpoint(2, STEPS, 1, Map.of("recipe", "a: 1")));
    assertSameBits(second, first);
    train(second, resumed, STEPS, 2 * STEPS);
    assertSameBits(second, whole);
  }

  @Test
  void aTrainingsCheckpointLoadsAsWeightsToo() throws IOException {
    Device device = Device.cpu(1);
    Sequential net = net(1, device);
    Path file = folder.resolve("a.safetensors");
    new Checkpoint(0, 0, 1, Map.of()).save(file, net, new AdamW(net, 0));
    Sequential other = net(2, device);
    Weights.load(file, other);
    assertSameBits(other, net);
  }

  @Test
  void aCheckpointOfAnotherModelIsRefusedAndNothingChanges() throws IOException {
    Device device = Device.cpu(1);
    Path file = folder.resolve("teacher.safetensors");
    Module teacher = Module.on(device, 1, Backbones.make("resnet8", 1, 10));
    Weights.save(file, teacher, Map.of("model", "resnet8"));
    Sequential net = net(1, device);
    assertThatThrownBy(() -> Weights.load(file, net))
        .isInstanceOf(CheckpointException.class)
        .hasMessageStartingWith(
            file
                + ": a checkpoint of another model, 'resnet8'; nothing was loaded. Of its arrays 0"
                + " tensors fit; 8 missing: 0.weight, 1.weight, 1.bias,")
        .hasMessageContaining("; 47 unexpected: conv1.weight (is it ");
    Module wider = Module.on(device, 1, Backbones.make("resnet8", 1, 100));
    double[] before = wider.state().get("conv1.weight").toDoubles();
    assertThatThrownBy(() -> Weights.load(file, wider))
        .hasMessageEndingWith(
            "Of its arrays 45 tensors fit; 2 of another shape: fc.weight is [10, 64] in the file,"
                + " [100, 64] here, fc.bias is [10] in the file, [100] here");
    assertThat(wider.state().get("conv1.weight").toDoubles()).isEqualTo(before);
  }

  @Test
  void whatMatchesCanBeLoadedAloneWithAReport() throws IOException {
    Device device = Device.cpu(1);
    Module ten = Module.on(device, 1, Backbones.make("resnet8", 1, 10));
    Path file = folder.resolve("ten.safetensors");
    Weights.save(file, ten, Map.of());
    Module hundred = Module.on(device, 2, Backbones.make("resnet8", 1, 100));
    LoadReport report = Weights.loadMatching(hundred, Safetensors.read(file).arrays());
    assertThat(report.loaded()).isEqualTo(45);
    assertThat(report.isComplete()).isFalse();
    assertThat(report.mismatched().keySet()).containsExactly("fc.weight", "fc.bias");
    assertThat(hundred.state().get("bn1.running_var").toDoubles())
        .isEqualTo(ten.state().get("bn1.running_var").toDoubles());
  }

  @Test
  void anotherOptimiserOrMereWeightsCannotBeResumed() throws IOException {
    Device device = Device.cpu(1);
    Sequential net = net(1, device);
    Path file = folder.resolve("a.safetensors");
    Optimiser sgd = new Sgd(net, .9, 0);
    new Checkpoint(0, 0, 1, Map.of()).save(file, net, sgd);
    assertThatThrownBy(() -> Checkpoint.resume(file, net, new AdamW(net, 0)))
        .hasMessageStartingWith(
            file + ": saved with another optimiser or other trainable parameters; nothing was")
        .hasMessageContaining("unexpected: 0.weight.velocity");
    Path weights = folder.resolve("w.safetensors");
    Weights.save(weights, net, Map.of());
    assertThatThrownBy(() -> Checkpoint.resume(weights, net, sgd))
        .hasMessageContaining("holds weights, not a training that could go on");
    assertThatThrownBy(() -> Checkpoint.resume(folder.resolve("none"), net, sgd))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aFailedSaveLeavesThePreviousCheckpoint() throws IOException {
    Device device = Device.cpu(1);
    Sequential net = net(1, device);
    Path file = folder.resolve("a.safetensors");
    Weights.save(file, net, Map.of());
    byte[] before = Files.readAllBytes(file);
    Module unplaced = new Sequential(new Linear(1, 1));
    assertThatThrownBy(() -> Weights.save(file, unplaced, Map.of()))
        .hasMessageContaining("on no device yet");
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
    assertThatThrownBy(() -> Weights.save(folder, net, Map.of()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is a folder");
  }
}
