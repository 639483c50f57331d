package retort.experiments.train;

import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import retort.gendd.Distiller;
import retort.gendd.Labels;
import retort.gendd.Step;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.methods.Methods;
import retort.gendd.methods.Setting;
import retort.nn.Cost;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tensor;

/// What a method costs in training on a pair of nets, counted by running one step on a device that
/// only counts.
///
/// @param parameters what is trained beside the student
/// @param macs multiply-adds of one image's forward: teacher, student and what the method adds
/// @param bytes what the method remembers that isn't trained, such as banks of embeddings
public record MethodCost(long parameters, long macs, long bytes) {
  private static final int BATCH = 64;

  /// CIFAR-100's training set, which methods that remember every image size themselves by.
  private static final int IMAGES = 50_000;

  /// Empty where the pair doesn't have what the method reads.
  public static Optional<MethodCost> of(Methods.Method method, Lesson.Pair pair) {
    Distiller[] made = new Distiller[1];
    long macs;
    try {
      macs =
          Cost.macs(
              tape -> made[0] = make(method, pair, tape.device()),
              (tape, d) -> {
                Tensor images = tape.fill(image(pair).insert(0, BATCH), 0);
                int[] first = IntStream.range(0, BATCH).toArray();
                int classes = Backbones.named(pair.student()).classes();
                int[] labels = IntStream.of(first).map(i -> i % classes).toArray();
                d.forward(new Step(images, Labels.of(labels), first, 0, new StepDraws(0, 0)));
              });
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    Distiller d = made[0];
    long kept =
        d.buffers().entrySet().stream()
            .filter(e -> !e.getKey().startsWith("student."))
            .map(Map.Entry::getValue)
            .mapToLong(b -> b.shape().size())
            .sum();
    return Optional.of(
        new MethodCost(
            d.parameterCount() - d.student().parameterCount(), macs / BATCH, kept * Float.BYTES));
  }

  private static Shape image(Lesson.Pair pair) {
    int side = Backbones.named(pair.student()).imageSize();
    return Shape.of(side, side, 3);
  }

  private static Distiller make(Methods.Method method, Lesson.Pair pair, Device device) {
    Backbone student = Module.blank(device, Backbones.named(pair.student()).make());
    Teacher teacher = new Teacher(Module.blank(device, Backbones.named(pair.teacher()).make()));
    int[] labels = IntStream.range(0, IMAGES).map(i -> i % student.classes()).toArray();
    return Module.on(
        device,
        0,
        method.make(
            new Setting(student, teacher, image(pair), labels),
            method.options(pair.teacher(), pair.student())));
  }
}
