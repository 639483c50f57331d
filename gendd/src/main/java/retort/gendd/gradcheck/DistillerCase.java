package retort.gendd.gradcheck;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import retort.gendd.Distiller;
import retort.gendd.Labels;
import retort.gendd.Step;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.ResNet;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;
import retort.tensor.gradcheck.GradientCase;
import retort.tensor.gradcheck.TensorProgram;

/// Gradient cases of methods: one of a method's losses on a fixed batch, as a function of the
/// parameters it trains. Losses are checked one by one, for a sum of losses that are detached from
/// different parameters isn't the slope of anything.
///
/// A method may remember: banks of embeddings, means of an epoch. It lives through one step first,
/// so that there is something to remember, and before every call its memory is put back to what it
/// was then: what is checked is a function.
public final class DistillerCase {
  private static final long SEED = 1;
  private static final int CLASSES = 3;
  private static final int[] LABELS = {0, 1, 2, 0};
  private static final Shape IMAGE = Shape.of(8, 8, 1);

  private DistillerCase() {}

  /// A student and a teacher of the smallest kind, with features of 4 and 6 numbers, and the images
  /// `[h, w, c]` and labels they are for.
  public record Pair(Backbone student, Teacher teacher, Shape image, int[] labels) {}

  /// @param loss the name of the loss
  /// @param reached which parameters it reaches, by path
  public static GradientCase of(
      String name, String loss, Predicate<String> reached, Function<Pair, Distiller> make) {
    return GradientCase.program(name, "4x8x8x1", device -> program(loss, reached, make, device))
        .variant(loss)
        .constant(0)
        .fast();
  }

  /// The names of a method's losses.
  static List<String> losses(Function<Pair, Distiller> make) {
    Device device = Device.reference();
    Distiller method = Module.on(device, SEED, make.apply(pair(device)));
    return Tape.train(
        device, tape -> List.copyOf(method.forward(step(images(tape), 0)).byName().keySet()));
  }

  private static TensorProgram program(
      String loss, Predicate<String> reached, Function<Pair, Distiller> make, Device device) {
    Distiller method = Module.on(device, SEED, make.apply(pair(device)));
    List<Parameter> parameters =
        method.parameters().entrySet().stream()
            .filter(e -> reached.test(e.getKey()))
            .map(e -> e.getValue())
            .toList();
    Tape.train(device, tape -> method.backward(step(images(tape), 0)));
    method.parameters().values().forEach(Parameter::zeroGrad);
    List<Memory> memories = method.buffers().values().stream().map(Memory::of).toList();
    return new TensorProgram(
        x -> {
          memories.forEach(Memory::restore);
          return method.forward(step(x[0], 1)).get(loss);
        },
        parameters);
  }

  private record Memory(Tensor buffer, double[] values) {
    static Memory of(Tensor buffer) {
      return new Memory(buffer, buffer.toDoubles());
    }

    void restore() {
      buffer.set(values);
    }
  }

  private static Tensor images(Tape tape) {
    return tape.normal(IMAGE.insert(0, LABELS.length), new Philox(SEED, 0));
  }

  private static Step step(Tensor images, int epoch) {
    int[] indices = {0, 1, 2, 3};
    return new Step(images, Labels.of(LABELS), indices, epoch, new StepDraws(SEED, epoch));
  }

  private static Pair pair(Device device) {
    Backbone student = net(2, 2, 3, 4);
    Backbone teacher = net(2, 2, 4, 6);
    return new Pair(
        Module.on(device, SEED, student),
        new Teacher(Module.on(device, SEED + 1, teacher)),
        IMAGE,
        LABELS.clone());
  }

  private static Backbone net(int... widths) {
    return ResNet.cifar(8, widths, ResNet.Shortcut.PROJECTION, 1, CLASSES);
  }
}
