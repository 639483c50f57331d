package retort.nn.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static retort.nn.backbone.ResNet.Shortcut.PROJECTION;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import retort.nn.Cost;
import retort.nn.Layer;
import retort.nn.Module;
import retort.nn.Taps;
import retort.nn.backbone.Backbone.Features;
import retort.nn.backbone.Backbone.Stage;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.ShapeException;
import retort.tensor.Tape;
import retort.tensor.Tensor;

class BackbonesTest {
  private static final Philox DRAWS = new Philox(1, 2);
  private static final int[] WIDTHS = {2, 2, 3, 4};

  /// Parameters, million multiply-accumulates and feature widths measured of the authors' PyTorch
  /// nets.
  @ParameterizedTest
  @CsvSource({
    "resnet8, 83892, 12.5, 64",
    "resnet20, 278324, 40.8, 64",
    "resnet32, 472756, 69.1, 64",
    "resnet56, 861620, 125.8, 64",
    "resnet110, 1736564, 253.2, 64",
    "resnet8x4, 1233540, 177.1, 256",
    "resnet32x4, 7433860, 1083.0, 256",
    "wrn_16_1, 180916, 26.7, 64",
    "wrn_16_2, 703284, 101.1, 128",
    "wrn_40_1, 569780, 83.3, 64",
    "wrn_40_2, 2255156, 327.6, 128",
    "vgg8, 3965028, 96.2, 512",
    "vgg13, 9462180, 284.9, 512",
    "shufflenetv1, 949258, 38.7, 960",
    "shufflenetv2, 1355528, 44.5, 1024",
    "mobilenetv2, 812836, 6.5, 1280"
  })
  void cifarNetsCostWhatTheyShould(String name, long parameters, double mega, int width) {
    costs(name, parameters, mega, .05, width);
  }

  @ParameterizedTest
  @CsvSource({
    "resnet18, 11689512, 1814, 512",
    "resnet34, 21797672, 3664, 512",
    "resnet50, 25557032, 4089, 2048",
    "mobilenetv1, 4231976, 569, 1024"
  })
  void imageNetNetsCostWhatTheyShould(String name, long parameters, double mega, int width) {
    costs(name, parameters, mega, .5, width);
  }

  /// 44.2 million parameters and 8.0 thousand million multiply-accumulates, says the paper's table.
  @Test
  void resNeXtCostsWhatItsPaperSays() {
    Cost cost = Backbones.named("resnext101_32x4d").cost();
    assertThat(cost.parameters() / 1e6).isCloseTo(44.2, within(.05));
    assertThat(cost.macs() / 1e9).isCloseTo(8.0, within(.05));
  }

  private static void costs(String name, long parameters, double mega, double near, int width) {
    Backbones.Entry entry = Backbones.named(name);
    Cost cost = entry.cost();
    assertThat(cost.parameters()).isEqualTo(parameters);
    assertThat(cost.macs() / 1e6).isCloseTo(mega, within(near + 1e-9));
    assertThat(entry.make().featureWidth()).isEqualTo(width);
  }

  @Test
  void optionAShortcutsHaveNoParameters() {
    assertThat(Backbones.make("resnet56a", 3, 10).parameterCount()).isEqualTo(853_018);
  }

  @Test
  void anUnknownNameIsRefusedWithTheClosest() {
    assertThatThrownBy(() -> Backbones.make("resnet2", 3, 10))
        .hasMessageStartingWith(
            "there is no backbone 'resnet2'; did you mean 'resnet20'?; there are");
    assertThatThrownBy(() -> ResNet.cifar(9, new int[4], ResNet.Shortcut.PROJECTION, 3, 10))
        .hasMessage("resnet: wants a depth of 6 n + 2 and four widths, got depth 9 and 4 widths");
    assertThatThrownBy(() -> new WideResNet(17, 1, 3, 10))
        .hasMessage("wrn: wants a depth of 6 n + 4 and a widening of at least 1, got 17 and 1");
  }

  @ParameterizedTest
  @CsvSource({
    "resnet8",
    "resnet8x4",
    "resnet20a",
    "wrn_16_2",
    "mobilenetv2",
    "vgg8",
    "shufflenetv1",
    "shufflenetv2",
    "mobilenetv1"
  })
  void featuresHoldAMapAStageAndTheFeatureOfTheLogits(String name) {
    Device device = Device.reference();
    Backbone net = Module.on(device, 1, Backbones.make(name, 1, 7));
    net.eval();
    Tape.infer(
        device,
        tape -> {
          Tensor x = tape.uniform(Shape.of(2, 8, 8, 1), DRAWS);
          Features f = net.features(x);
          assertThat(f.feature().shape()).isEqualTo(Shape.of(2, net.featureWidth()));
          assertThat(net.classify(f.feature()).toDoubles()).isEqualTo(net.apply(x).toDoubles());
          assertThat(f.after()).hasSameSizeAs(net.stages());
          for (int i = 0; i < f.after().size(); i++) {
            assertThat(f.before().get(i).shape()).isEqualTo(f.after().get(i).shape());
          }
          assertThat(f.after().getLast().shape().at(0)).isEqualTo(2);
          return null;
        });
  }

  @Test
  void aResNetsMapsBeforeAndAfterDifferByTheLastRelu() {
    Device device = Device.reference();
    Backbone net = Module.on(device, 1, Backbones.make("resnet8", 1, 3));
    Tape.infer(
        device,
        tape -> {
          Features f = net.features(tape.uniform(Shape.of(2, 8, 8, 1), DRAWS));
          for (int i = 1; i < 4; i++) {
            assertThat(f.before().get(i).relu().toDoubles())
                .isEqualTo(f.after().get(i).toDoubles());
            assertThat(f.before().get(i).toDoubles()).isNotEqualTo(f.after().get(i).toDoubles());
          }
          return null;
        });
    assertThat(net.stages().get(3)).isEqualTo(new Stage("layer3", "layer3", "layer3.0.bn2"));
  }

  @Test
  void aWrongImageIsRefusedWithTheModulesPath() {
    Device device = Device.cpu(1);
    Backbone net = Module.on(device, 1, Backbones.make("resnet8", 3, 10));
    net.named("teacher");
    assertThatThrownBy(() -> Tape.infer(device, t -> net.apply(t.fill(Shape.of(1, 8, 8, 1), 0))))
        .isInstanceOf(ShapeException.class)
        .hasMessageStartingWith("teacher.conv1: conv2d: channels must agree");
  }

  @Test
  void stochasticDepthLeavesOutWholeBranchesAndDoublesTheOthers() {
    ResNet net = Module.on(Device.reference(), 1, ResNet.cifar(14, WIDTHS, PROJECTION, 1, 3));
    Layer last = (Layer) net.find("layer3.1");
    Shape images = Shape.of(40, 3, 3, WIDTHS[3]);
    double[] whole = branches(net, last, images), some, again, others;
    net.dropPath(.5, 7, 0);
    some = branches(net, last, images);
    again = branches(net, last, images);
    net.dropPath(.5, 7, 1);
    others = branches(net, last, images);
    int each = images.size() / 40, left = 0;
    for (int i = 0; i < 40; i++) {
      boolean out = some[i * each] == 0;
      if (out) left++;
      for (int j = i * each; j < (i + 1) * each; j++) {
        assertThat(some[j]).isCloseTo(out ? 0 : 2 * whole[j], within(1e-12));
      }
    }
    assertThat(left).isBetween(10, 30);
    assertThat(again).isEqualTo(some);
    assertThat(others).isNotEqualTo(some);
    assertThat(branches(net, (Layer) net.find("layer1.0"), images.with(3, WIDTHS[0])))
        .as("the first block is never left out")
        .doesNotContain(0);
    net.eval();
    assertThat(branches(net, last, images)).doesNotContain(0);
    Backbone chain = Backbones.make("vgg8", 1, 10);
    chain.dropPath(0, 1, 0);
    assertThatThrownBy(() -> chain.dropPath(.1, 1, 0))
        .hasMessage(
            "Vgg has no stochastic depth, asked for drop-path 0.1; nets of the ResNet family have"
                + " it");
  }

  /// What a block adds to its input.
  private static double[] branches(ResNet net, Layer block, Shape shape) {
    return Tape.infer(
        net.device(),
        tape -> {
          Tensor x = tape.normal(shape, DRAWS);
          try (Taps taps = net.tap(block.path() + ".bn2")) {
            block.apply(x);
            return taps.get(block.path() + ".bn2").sub(x).toDoubles();
          }
        });
  }
}
