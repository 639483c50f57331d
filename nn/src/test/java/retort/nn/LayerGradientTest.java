package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.backbone.Beit;
import retort.nn.backbone.ResNet;
import retort.nn.backbone.ResNet.Shortcut;
import retort.nn.backbone.WideResNet;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.Gradients;
import retort.tensor.gradcheck.Mode;
import retort.tensor.gradcheck.NdArray;
import retort.tensor.gradcheck.TensorProgram;
import retort.tensor.gradcheck.Tolerance;

/// The gradients of every layer and backbone, with all their parameters, against differences in
/// double precision.
class LayerGradientTest {
  private static GradientCase layer(String name, String inputs, Supplier<Layer> layer) {
    return module(name, inputs, layer, (l, x) -> l.apply(x[0]));
  }

  private static <M extends Module> GradientCase module(
      String name, String inputs, Supplier<M> maker, BiFunction<M, Tensor[], Tensor> f) {
    return GradientCase.program(name, inputs, device -> program(device, maker, f));
  }

  private static <M extends Module> TensorProgram program(
      Device device, Supplier<M> maker, BiFunction<M, Tensor[], Tensor> f) {
    M module = Module.on(device, 1, maker.get());
    List<Parameter> parameters = List.copyOf(module.parameters().values());
    return new TensorProgram(x -> f.apply(module, x), parameters);
  }

  private static <M extends Module> Supplier<M> evaluated(Supplier<M> maker) {
    return () -> {
      M module = maker.get();
      module.eval();
      return module;
    };
  }

  /// Draws the same mask at each call.
  private static Tensor dropOut(Dropout layer, Tensor x) {
    layer.buffers().get("count").set(3f);
    return layer.apply(x);
  }

  private static final List<GradientCase> LAYERS =
      List.of(
          layer("Linear", "3x4", () -> new Linear(4, 2)),
          layer("Linear without bias", "2x3x4", () -> new Linear(4, 2).noBias()),
          layer("Conv2d", "2x4x3x2", () -> new Conv2d(2, 3, 3, 1, 1)),
          layer("Conv2d in groups", "1x4x4x4", () -> new Conv2d(4, 6, 3, 2, 1, 2).noBias()),
          layer("Conv2d depthwise", "1x4x4x3", () -> new Conv2d(3, 3, 3, 1, 1, 3)),
          layer("BatchNorm in training", "6x3", () -> new BatchNorm(3)),
          layer("BatchNorm in evaluation", "2x2x2x3", evaluated(() -> new BatchNorm(3))),
          module(
              "BatchNorm.relu",
              "2x2x2x3, 2x2x2x3",
              () -> new BatchNorm(3),
              (bn, x) -> bn.relu(x[0], x[1])),
          module(
              "BatchNorm.add", "6x3, 6x3", () -> new BatchNorm(3), (bn, x) -> bn.add(x[0], x[1])),
          layer("LayerNorm", "3x5", () -> new LayerNorm(5)),
          layer("LayerNorm without affine", "3x5", () -> new LayerNorm(5, 1e-6, false)),
          module(
              "Embedding",
              "4x3",
              () -> new Embedding(5, 3),
              (e, x) -> e.apply(1, 0, 4, 1).mul(x[0])),
          module("Dropout", "4x5", () -> new Dropout(.4, 7), (d, x) -> dropOut(d, x[0])),
          layer(
              "Sequential",
              "3x2",
              () -> new Sequential(new Linear(2, 4), Layer.of(Tensor::silu), new Linear(4, 2))));

  @TestFactory
  Stream<DynamicTest> everyLayer() {
    return LAYERS.stream()
        .map(one ->
            DynamicTest.dynamicTest(
                one.title(), () -> assertThat(one.check().failures()).isEmpty()));
  }

  private record Net(String name, Supplier<Backbone> maker, int... image) {}

  private static ResNet resNet(int depth, Shortcut shortcut) {
    return ResNet.cifar(depth, new int[] {2, 2, 4, 4}, shortcut, 1, 3);
  }

  private static final List<Net> NETS =
      List.of(
          new Net("ResNet", () -> resNet(14, Shortcut.PROJECTION), 2, 8, 8, 1),
          new Net("ResNet with option A", () -> resNet(8, Shortcut.ZERO_PAD), 2, 8, 8, 1),
          new Net("ResNeXt", () -> ResNet.bottleneck(new int[] {1}, 32, 4, 1, 3), 1, 4, 4, 1),
          new Net("WideResNet", () -> new WideResNet(10, 1, 1, 3), 1, 8, 8, 1),
          new Net("Vgg", () -> Backbones.make("vgg8", 1, 3), 1, 8, 8, 1),
          new Net("ShuffleNetV1", () -> Backbones.make("shufflenetv1", 1, 3), 1, 4, 4, 1),
          new Net("ShuffleNetV2", () -> Backbones.make("shufflenetv2", 1, 3), 1, 4, 4, 1),
          new Net("MobileNetV1", () -> Backbones.make("mobilenetv1", 1, 3), 1, 4, 4, 1),
          new Net("MobileNetV2", () -> Backbones.make("mobilenetv2", 1, 3), 1, 4, 4, 1),
          new Net("Beit", () -> new Beit(4, 2, 4, 2, 2, .5, 1, 3), 2, 4, 4, 1));

  /// Along one random direction of the input and a few parameters at once: the first one's gradient
  /// comes through every block. Normalised by running statistics, since with a batch's own the maps
  /// of one pixel at the end of a small image would be all zeros.
  @TestFactory
  Stream<DynamicTest> everyBackbone() {
    return NETS.stream().map(net -> DynamicTest.dynamicTest(net.name(), () -> check(net)));
  }

  private static void check(Net net) {
    Device device = Device.reference();
    Backbone module = Module.on(device, 1, net.maker().get());
    module.eval();
    List<Parameter> all = List.copyOf(module.parameters().values());
    List<Parameter> some = List.of(all.getFirst(), all.get(all.size() / 2), all.getLast());
    List<NdArray> at = new ArrayList<>();
    NdArray image = NdArray.zeros(net.image());
    for (int i = 0; i < image.size(); i++) image.data()[i] = Math.sin(1.3 * i + .2);
    at.add(image);
    for (Parameter p : some) at.add(new NdArray(p.toDoubles(), p.shape().toArray()));
    Gradients.assertThatGradient(
            Gradients.on(device, new TensorProgram(x -> module.apply(x[0]), some)))
        .named(net.name())
        .at(at.toArray(NdArray[]::new))
        .mode(Mode.DIRECTION)
        .tolerance(Tolerance.STRICT)
        .matches();
  }
}
