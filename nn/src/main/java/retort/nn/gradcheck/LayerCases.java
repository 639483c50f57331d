package retort.nn.gradcheck;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import retort.nn.BatchNorm;
import retort.nn.Conv2d;
import retort.nn.Dropout;
import retort.nn.Embedding;
import retort.nn.Layer;
import retort.nn.LayerNorm;
import retort.nn.Linear;
import retort.nn.Sequential;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.backbone.Beit;
import retort.nn.backbone.MobileNetV2;
import retort.nn.backbone.ResNet;
import retort.nn.backbone.ResNet.Shortcut;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;

/// The gradient cases of every layer, and of every kind of block of every backbone.
public final class LayerCases {
  private static final int[] THIN = {2, 2, 3, 4};

  private LayerCases() {}

  public static List<GradientCase> all() {
    return Stream.concat(layers(), blocks()).toList();
  }

  private static Stream<GradientCase> layers() {
    return Stream.of(
        ModuleCase.of("Linear", "4x3", () -> new Linear(3, 5)),
        ModuleCase.of("Linear", "2x3x4", () -> new Linear(4, 2).noBias()).variant("no bias"),
        ModuleCase.of("Conv2d", "2x4x4x2", () -> new Conv2d(2, 3, 3, 1, 1)),
        ModuleCase.of("Conv2d", "1x4x4x2", () -> new Conv2d(2, 2, 2, 2, 0)).variant("stride 2"),
        ModuleCase.of("Conv2d", "1x4x4x4", () -> new Conv2d(4, 4, 3, 1, 1, 4).noBias())
            .variant("depthwise, no bias"),
        ModuleCase.of("BatchNorm", "6x3", () -> new BatchNorm(3)).variant("training"),
        ModuleCase.of("BatchNorm", "6x3", LayerCases::evaluating).variant("evaluation"),
        ModuleCase.of("BatchNorm", "6x3, 6x3", () -> new BatchNorm(3), (n, x) -> n.relu(x[0], x[1]))
            .variant("relu of a sum"),
        ModuleCase.of("BatchNorm", "6x3, 6x3", () -> new BatchNorm(3), (n, x) -> n.add(x[0], x[1]))
            .variant("sum"),
        ModuleCase.of("LayerNorm", "4x5", () -> new LayerNorm(5)),
        ModuleCase.of("LayerNorm", "4x5", () -> new LayerNorm(5, 1e-6, false)).variant("plain"),
        ModuleCase.of("Embedding", "scalar", () -> new Embedding(4, 3), LayerCases::lookUp),
        ModuleCase.of("Dropout", "4x5", () -> new Dropout(0.4, 7), LayerCases::firstMask),
        ModuleCase.of(
            "Sequential",
            "3x4",
            () -> new Sequential(new Linear(4, 3), Layer.of(Tensor::gelu), new Linear(3, 2))));
  }

  private static BatchNorm evaluating() {
    BatchNorm norm = new BatchNorm(3);
    norm.eval();
    return norm;
  }

  /// Row 2 twice; the scalar is there because a case has an input.
  private static Tensor lookUp(Embedding table, Tensor... x) {
    return table.apply(2, 0, 2).mul(x[0]);
  }

  /// The mask depends on how many forwards there were; a check needs the same one each time.
  private static Tensor firstMask(Dropout dropout, Tensor... x) {
    dropout.buffers().values().forEach(count -> count.set(0f));
    return dropout.apply(x[0]);
  }

  /// Nets whose widths are free are made thin, so that every entry can be compared; those of fixed
  /// width are compared along a direction.
  private static Stream<GradientCase> blocks() {
    Supplier<Backbone> basic = () -> ResNet.cifar(8, THIN, Shortcut.PROJECTION, 3, 5);
    Supplier<Backbone> zeros = () -> ResNet.cifar(8, THIN, Shortcut.ZERO_PAD, 3, 5);
    Supplier<Backbone> deep = () -> ResNet.bottleneck(new int[] {2, 1, 1, 1}, 1, 2, 3, 5);
    Supplier<Backbone> grouped = () -> ResNet.bottleneck(new int[] {1, 1, 1, 1}, 2, 2, 3, 5);
    Supplier<Backbone> mobile = () -> new MobileNetV2(.1, 2, 3, 5);
    return Stream.of(
        block("ResNet", "basic", basic, "layer1.0", "2x3x3x2"),
        block("ResNet", "basic", basic, "layer2.0", "2x4x4x2"),
        block("ResNet", "zero pad", zeros, "layer2.0", "2x4x4x2"),
        block("ResNet", "bottleneck", deep, "layer1.0", "2x2x2x64").fast(),
        block("ResNet", "bottleneck", deep, "layer1.1", "2x2x2x256").fast(),
        block("ResNeXt", "thin", grouped, "layer1.0", "2x2x2x64").fast(),
        named("wrn_16_1", "block1.0", "2x3x3x16"),
        named("wrn_16_1", "block2.0", "2x3x3x16"),
        named("vgg8", "block0", "2x3x3x3"),
        named("shufflenetv1", "layer1.0", "2x4x4x24"),
        named("shufflenetv1", "layer1.1", "2x2x2x240"),
        named("shufflenetv2", "layer1.0", "2x3x3x24"),
        named("shufflenetv2", "layer1.1", "2x2x2x116"),
        named("mobilenetv1", "model.3", "2x2x2x128"),
        block("MobileNetV2", "thin", mobile, "blocks.1.0", "2x3x3x1"),
        block("MobileNetV2", "thin", mobile, "blocks.1.1", "2x3x3x2"),
        ModuleCase.of("Beit", "2x4x4x1", () -> new Beit(4, 2, 4, 1, 2, .1, 1, 3)).variant("whole"),
        ModuleCase.of("ResNet", "3x8x8x1", () -> ResNet.cifar(8, THIN, Shortcut.PROJECTION, 1, 3))
            .variant("whole")
            .fast(),
        ModuleCase.of(
                "ResNet",
                "3x8x8x1",
                () -> ResNet.cifar(8, THIN, Shortcut.PROJECTION, 1, 3),
                LayerCases::withoutSomeBranches)
            .variant("stochastic depth")
            .fast());
  }

  private static Tensor withoutSomeBranches(ResNet net, Tensor... x) {
    net.dropPath(.6, 1, 0);
    return net.apply(x[0]);
  }

  /// A block of a published net, under the name of the net's class.
  private static GradientCase named(String net, String path, String inputs) {
    String type = Backbones.make(net, 3, 5).getClass().getSimpleName();
    return block(type, net, () -> Backbones.make(net, 3, 5), path, inputs).fast();
  }

  private static GradientCase block(
      String name, String kind, Supplier<Backbone> net, String path, String inputs) {
    return ModuleCase.of(name, inputs, () -> (Layer) net.get().find(path))
        .variant(kind + ", " + path);
  }
}
