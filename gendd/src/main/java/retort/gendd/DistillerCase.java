package retort.gendd;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.ResNet;
import retort.tensor.Device;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.TensorProgram;

/// Gradient cases of methods: one of a method's losses on a fixed batch, as a function of the
/// parameters it trains. Losses are checked one by one, for a sum of losses that are detached from
/// different parameters isn't the slope of anything.
public final class DistillerCase {
  private static final long SEED = 1;
  private static final int CLASSES = 3;
  private static final int[] LABELS = {0, 1, 2, 0};
  private static final String IMAGES = "4x8x8x1";

  private DistillerCase() {}

  /// A student and a teacher of the smallest kind, with features of 4 and 6 numbers.
  public record Pair(Backbone student, Teacher teacher) {}

  /// @param loss the name of the loss
  /// @param reached which parameters it reaches, by path
  public static GradientCase of(
      String name, String loss, Predicate<String> reached, Function<Pair, Distiller> make) {
    return GradientCase.program(
            name, IMAGES, device -> program(loss, reached, make.apply(pair(device)), device))
        .variant(loss)
        .constant(0)
        .fast();
  }

  private static TensorProgram program(
      String loss, Predicate<String> reached, Distiller method, Device device) {
    Module.on(device, SEED, method);
    int[] indices = {0, 1, 2, 3};
    return new TensorProgram(
        x -> loss(method, loss, x[0], indices),
        method.parameters().entrySet().stream()
            .filter(e -> reached.test(e.getKey()))
            .map(Map.Entry::getValue)
            .toList());
  }

  private static Tensor loss(Distiller method, String loss, Tensor images, int[] indices) {
    Step step = new Step(images, Labels.of(LABELS), indices, 0, new StepDraws(SEED, 0));
    return method.losses(step).get(loss);
  }

  private static Pair pair(Device device) {
    Backbone student = net(2, 2, 3, 4);
    Backbone teacher = net(2, 2, 4, 6);
    return new Pair(
        Module.on(device, SEED, student), new Teacher(Module.on(device, SEED + 1, teacher)));
  }

  private static Backbone net(int... widths) {
    return ResNet.cifar(8, widths, ResNet.Shortcut.PROJECTION, 1, CLASSES);
  }
}
