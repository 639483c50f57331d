package retort.nn.backbone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import retort.nn.Cost;
import retort.nn.Nearest;
import retort.nn.backbone.ResNet.Shortcut;
import retort.tensor.Shape;

/// Every backbone by the name that recipes and checkpoints call it.
public final class Backbones {
  private static final int[] THIN = {16, 16, 32, 64};
  private static final int[] WIDE = {32, 64, 128, 256};

  /// @param imageSize the height and width its paper feeds it
  /// @param classes how many classes the published net has
  public record Entry(String name, int imageSize, int classes, Maker maker) {
    /// The net its paper describes, on no device yet.
    public Backbone make() {
      return make(3, classes);
    }

    public Backbone make(int channels, int numberOfClasses) {
      return maker.make(channels, numberOfClasses);
    }

    /// The cost of one image of the published net.
    public Cost cost() {
      return Cost.of(make(), Shape.of(1, imageSize, imageSize, 3));
    }
  }

  @FunctionalInterface
  public interface Maker {
    Backbone make(int channels, int classes);
  }

  private static final SequencedMap<String, Entry> ALL = new LinkedHashMap<>();

  static {
    for (int depth : new int[] {8, 20, 32, 56, 110}) {
      cifar("resnet" + depth, (c, k) -> ResNet.cifar(depth, THIN, Shortcut.PROJECTION, c, k));
    }
    for (int depth : new int[] {8, 32}) {
      cifar(
          "resnet" + depth + "x4", (c, k) -> ResNet.cifar(depth, WIDE, Shortcut.PROJECTION, c, k));
    }
    for (int depth : new int[] {20, 56}) {
      cifar("resnet" + depth + "a", (c, k) -> ResNet.cifar(depth, THIN, Shortcut.ZERO_PAD, c, k));
    }
    cifar("wrn_16_1", (c, k) -> new WideResNet(16, 1, c, k));
    cifar("wrn_16_2", (c, k) -> new WideResNet(16, 2, c, k));
    cifar("wrn_40_1", (c, k) -> new WideResNet(40, 1, c, k));
    cifar("wrn_40_2", (c, k) -> new WideResNet(40, 2, c, k));
    cifar("vgg8", (c, k) -> new Vgg(1, c, k));
    cifar("vgg13", (c, k) -> new Vgg(2, c, k));
    cifar("shufflenetv1", (c, k) -> new ShuffleNetV1(c, k));
    cifar("shufflenetv2", (c, k) -> new ShuffleNetV2(c, k));
    cifar("mobilenetv2", (c, k) -> new MobileNetV2(.5, 6, c, k));
    imageNet("resnet18", (c, k) -> ResNet.basic(new int[] {2, 2, 2, 2}, c, k));
    imageNet("resnet34", (c, k) -> ResNet.basic(new int[] {3, 4, 6, 3}, c, k));
    imageNet("resnet50", (c, k) -> ResNet.bottleneck(new int[] {3, 4, 6, 3}, 1, 64, c, k));
    imageNet("resnext101_32x4d", (c, k) -> ResNet.bottleneck(new int[] {3, 4, 23, 3}, 32, 4, c, k));
    imageNet("mobilenetv1", (c, k) -> new MobileNetV1(c, k));
    imageNet("beitv2_base", (c, k) -> new Beit(224, 16, 768, 12, 12, .1, c, k));
    imageNet("beitv2_large", (c, k) -> new Beit(224, 16, 1024, 24, 16, 1e-5, c, k));
  }

  private Backbones() {}

  private static void cifar(String name, Maker maker) {
    ALL.put(name, new Entry(name, 32, 100, maker));
  }

  private static void imageNet(String name, Maker maker) {
    ALL.put(name, new Entry(name, 224, 1000, maker));
  }

  public static List<Entry> all() {
    return List.copyOf(ALL.values());
  }

  /// The backbone of a name; an unknown one is refused with the closest there is.
  public static Entry named(String name) {
    Entry entry = ALL.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "there is no backbone '"
              + name
              + "'"
              + Nearest.hint(name, ALL.keySet())
              + "; there are "
              + String.join(", ", ALL.keySet()));
    }
    return entry;
  }

  /// A backbone on no device yet.
  public static Backbone make(String name, int channels, int classes) {
    return named(name).make(channels, classes);
  }
}
