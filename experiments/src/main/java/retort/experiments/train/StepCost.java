package retort.experiments.train;

import java.util.stream.IntStream;
import retort.gendd.Distiller;
import retort.gendd.Labels;
import retort.gendd.Step;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.methods.Setting;
import retort.nn.Cost;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.optim.Optimiser;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// What lessons on a pair of nets cost, before there are any images: counted by running a step on a
/// device that only counts, and measured by running steps on a real one.
///
/// @param image the shape of an input `[h, w, c]`
/// @param images how many there are to train on, by which methods that remember them size
///   themselves
public record StepCost(Lesson.Pair pair, Shape image, int classes, int images) {
  /// Methods that remember every image hold and compute so much for each: counted for as many, and
  /// scaled, since a million of them would have to be made for it.
  private static final int REMEMBERED = 5_000;

  /// Steps are timed in stretches, until the fastest of one is hardly faster than those before it:
  /// the code is compiled then.
  private static final double STRETCH_SECONDS = 2, FASTER = 0.9;

  private static final int LONGEST = 10;

  /// The cost of one step of a lesson, the optimiser's own memory included.
  public Cost.Step of(Lesson lesson, int batch) {
    Cost.Step small = count(lesson, batch, Math.min(images, REMEMBERED));
    if (images <= REMEMBERED) return small;
    Cost.Step twice = count(lesson, batch, 2 * REMEMBERED);
    double more = (double) (images - REMEMBERED) / REMEMBERED;
    return new Cost.Step(
        small.macs() + Math.round(more * (twice.macs() - small.macs())),
        small.bytes() + Math.round(more * (twice.bytes() - small.bytes())));
  }

  private Cost.Step count(Lesson lesson, int batch, int remembered) {
    return Cost.step(
        tape -> {
          Distiller d = make(lesson, tape.device(), remembered);
          lesson.training().optimiser(d, d.groups(0)); // its state is part of the memory
          return d;
        },
        (tape, d) -> tape.backward(d.forward(step(tape, batch, remembered)).total()));
  }

  /// Multiply-adds of one image's answer, by way of answering.
  public long answers(Lesson lesson) {
    return Cost.macs(
        tape -> make(lesson, tape.device(), classes),
        (tape, d) -> {
          d.eval();
          Tensor one = tape.fill(image.insert(0, 1), 0);
          d.classifiers().values().forEach(c -> c.logits(one, new StepDraws(0, 0)));
        });
  }

  /// Multiply-adds a second that steps of a lesson reach on a device, once its code is compiled.
  public double speed(Lesson lesson, int batch, Device device) {
    Distiller d = make(Module::on, lesson, device, Math.min(images, REMEMBERED));
    Optimiser optimiser = lesson.training().optimiser(d, d.groups(0));
    double before = Double.POSITIVE_INFINITY, perStep = stretch(d, optimiser, batch);
    for (int i = 1; i < LONGEST && perStep < FASTER * before; i++) {
      before = perStep;
      perStep = Math.min(before, stretch(d, optimiser, batch));
    }
    return count(lesson, batch, Math.min(images, REMEMBERED)).macs() / perStep;
  }

  /// The seconds of a step, by the fastest of a stretch: others may use the machine too.
  private double stretch(Distiller d, Optimiser optimiser, int batch) {
    double fastest = Double.POSITIVE_INFINITY;
    long began = System.nanoTime();
    for (long now = began; now - began < STRETCH_SECONDS * 1e9; ) {
      Tape.train(
          d.device(),
          tape -> {
            tape.backward(d.forward(step(tape, batch, Math.min(images, REMEMBERED))).total());
            return null;
          });
      optimiser.step(0);
      optimiser.zeroGrad();
      long then = System.nanoTime();
      fastest = Math.min(fastest, (then - now) / 1e9);
      now = then;
    }
    return fastest;
  }

  private Step step(Tape tape, int batch, int remembered) {
    int[] indices = IntStream.range(0, batch).map(i -> i % remembered).toArray();
    int[] labels = IntStream.of(indices).map(i -> i % classes).toArray();
    Tensor input = tape.normal(image.insert(0, batch), new StepDraws(0, 0).of("images"));
    return new Step(input, Labels.of(labels), indices, 0, new StepDraws(0, 0));
  }

  @FunctionalInterface
  private interface Placing {
    Module place(Device device, long seed, Module module);
  }

  private Distiller make(Lesson lesson, Device device, int remembered) {
    return make((on, seed, module) -> Module.blank(on, module), lesson, device, remembered);
  }

  private Distiller make(Placing placing, Lesson lesson, Device device, int remembered) {
    Backbone student = backbone(pair.student()), teacher = backbone(pair.teacher());
    placing.place(device, 0, student);
    placing.place(device, 1, teacher);
    int[] labels = IntStream.range(0, remembered).map(i -> i % classes).toArray();
    Distiller d = lesson.make(new Setting(student, new Teacher(teacher), image, labels), pair);
    return Module.on(device, 2, d);
  }

  private Backbone backbone(String model) {
    return Backbones.make(model, image.at(2), classes);
  }
}
