package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tape;
import retort.tensor.Tensor;

class ModuleTest {
  private final Device device = Device.reference();

  static final class Block extends Layer {
    final Conv2d conv1;
    final BatchNorm bn1;

    Block(int in, int out) {
      conv1 = child("conv1", new Conv2d(in, out, 3, 1, 1).noBias());
      bn1 = child("bn1", new BatchNorm(out));
    }

    @Override
    protected Tensor forward(Tensor x) {
      return bn1.relu(conv1.apply(x));
    }
  }

  static final class Net extends Layer {
    final Sequential layer1 = child("layer1", new Sequential(new Block(1, 4), new Block(4, 4)));
    final Linear fc = child("fc", new Linear(4, 3));

    @Override
    protected Tensor forward(Tensor x) {
      return fc.apply(layer1.apply(x).globalAvgPool());
    }
  }

  private Net net() {
    return Module.on(device, 7, new Net());
  }

  private static final Shape IMAGE = Shape.of(2, 4, 4, 1);

  private static Tensor image(Tape tape) {
    double[] v = new double[IMAGE.size()];
    for (int i = 0; i < v.length; i++) v[i] = Math.sin(i);
    return tape.input(IMAGE, v);
  }

  @Test
  void pathsComeInTheOrderOfDeclaration() {
    assertThat(net().parameters().keySet())
        .containsExactly(
            "layer1.0.conv1.weight",
            "layer1.0.bn1.weight",
            "layer1.0.bn1.bias",
            "layer1.1.conv1.weight",
            "layer1.1.bn1.weight",
            "layer1.1.bn1.bias",
            "fc.weight",
            "fc.bias");
    assertThat(net().buffers().keySet())
        .containsExactly(
            "layer1.0.bn1.running_mean",
            "layer1.0.bn1.running_var",
            "layer1.1.bn1.running_mean",
            "layer1.1.bn1.running_var");
    assertThat(net().state()).hasSize(12);
    assertThat(new Net().parameterCount()).isEqualTo(36 + 8 + 144 + 8 + 12 + 3);
  }

  @Test
  void aRefusedShapeIsToldWithTheModulesPathOnce() {
    Net net = net();
    net.named("student");
    assertThatThrownBy(
            () -> Tape.infer(device, t -> net.apply(t.input(Shape.of(1, 4, 4, 3), new float[48]))))
        .isInstanceOf(ShapeException.class)
        .hasMessage(
            "student.layer1.0.conv1: conv2d: channels must agree: x has 3 in 1 groups, the weight"
                + " reads 1 a group and makes 4; got [[1, 4, 4, 3], [4, 3, 3, 1]]");
  }

  @Test
  void aModuleOnNoDeviceIsRefused() {
    assertThatThrownBy(() -> Tape.infer(device, t -> new Net().apply(image(t))))
        .hasMessageContaining("call Module.on(device, seed, module) before using it");
  }

  @Test
  void namesAreUniqueAndHaveNoDots() {
    assertThatThrownBy(() -> new Sequential().add("a.b", new Linear(1, 1)))
        .hasMessage("a name in a module must be non-empty and without dots, got 'a.b'");
    assertThatThrownBy(() -> new Sequential().add("a", new Linear(1, 1)).add("a", new Linear(1, 1)))
        .hasMessage("module Sequential has a 'a' already; choose another name");
  }

  @Test
  void aLayersStartDependsOnSeedAndPathAlone() {
    Sequential two = Module.on(device, 3, new Sequential(new Linear(4, 4), new Linear(4, 4)));
    Sequential one = Module.on(device, 3, new Sequential(new Linear(4, 4)));
    assertThat(values(one, "0.weight")).isEqualTo(values(two, "0.weight"));
    assertThat(values(two, "1.weight")).isNotEqualTo(values(two, "0.weight"));
    Sequential other = Module.on(device, 4, new Sequential(new Linear(4, 4)));
    assertThat(values(other, "0.weight")).isNotEqualTo(values(one, "0.weight"));
  }

  private static double[] values(Module m, String path) {
    return m.state().get(path).toDoubles();
  }

  @Test
  void freezeChoosesByPatternAndSuggests() {
    Net net = net();
    net.freeze("layer1", "*bias");
    assertThat(net.parameters().values().stream().filter(Parameter::wantsGrad)).hasSize(1);
    net.unfreeze("layer1.1.*");
    assertThat(net.parameters().get("layer1.1.conv1.weight").wantsGrad()).isTrue();
    assertThat(net.parameters().get("layer1.0.conv1.weight").wantsGrad()).isFalse();
    assertThatThrownBy(() -> net.freeze("layr1"))
        .hasMessageStartingWith("no path matches 'layr1'; did you mean 'layer1'?; there are");
  }

  @Test
  void tapsHoldOutputsToTheEndOfTheTape() {
    Net net = net();
    try (Taps taps = net.tap("layer1", "layer1.1", "layer1.1.bn1")) {
      assertThatThrownBy(() -> taps.get("layer1")).hasMessageContaining("seen no forward");
      Tape.train(
          device,
          t -> {
            net.apply(image(t));
            double[] after = taps.get("layer1").toDoubles();
            double[] before = taps.get("layer1.1.bn1").toDoubles();
            assertThat(taps.get("layer1.1").toDoubles()).isEqualTo(after);
            assertThat(Arrays.stream(before).min().orElseThrow()).isNegative();
            for (int i = 0; i < after.length; i++) {
              assertThat(after[i]).isEqualTo(Math.max(before[i], 0));
            }
            t.backward(taps.get("layer1.1.bn1").square().sum());
            return null;
          });
      assertThat(net.parameters().get("layer1.0.conv1.weight").hasGrad()).isTrue();
      assertThatThrownBy(() -> taps.get("fc"))
          .hasMessage("no tap on 'fc'; there are taps on layer1, layer1.1, layer1.1.bn1");
    }
    assertThatThrownBy(() -> net.tap("layer1.2"))
        .hasMessageContaining("has no module 'layer1.2'; did you mean 'layer1.0'?");
  }

  @Test
  void aTappedAndAnUntappedForwardAgreeToTheBit() {
    Net net = net();
    net.eval();
    double[] plain = Tape.infer(device, t -> net.apply(image(t)).toDoubles());
    try (Taps taps = net.tap("layer1.0.bn1")) {
      double[] tapped = Tape.infer(device, t -> net.apply(image(t)).toDoubles());
      assertThat(tapped).isEqualTo(plain);
      assertThatThrownBy(() -> taps.get("layer1.0.bn1").item()).hasMessageContaining("one number");
    }
  }

  @Test
  void modesReachEveryModuleBelow() {
    Net net = net();
    net.eval();
    assertThat(net.modules().values()).noneMatch(Module::isTraining);
    net.train();
    assertThat(net.modules().values()).allMatch(Module::isTraining);
  }

  @Test
  void memoryReturnsAfterAForwardAndSteadyStepsTakeNoFreshBuffers() {
    Device cpu = Device.cpu(1); // the reference device makes every buffer anew
    Net net = Module.on(cpu, 7, new Net());
    Runnable step =
        () ->
            Tape.train(
                cpu,
                t -> {
                  t.backward(net.apply(image(t)).crossEntropy(0, 2).mean());
                  return null;
                });
    step.run();
    step.run();
    Device.Memory before = cpu.memory();
    step.run();
    assertThat(cpu.memory().live()).isEqualTo(before.live());
    assertThat(cpu.memory().fresh()).isEqualTo(before.fresh());
  }
}
