package retort.experiments.bench;

import java.util.ArrayList;
import java.util.List;
import retort.gendd.StepDraws;
import retort.gendd.Teacher;
import retort.gendd.diffusion.DenoisingHead;
import retort.gendd.diffusion.Sampler;
import retort.gendd.diffusion.Sampling;
import retort.gendd.generative.GenDD;
import retort.gendd.generative.GenDDOptions;
import retort.nn.Module;
import retort.nn.backbone.Backbones;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Span;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// GenDD's own generation of teacher features.
final class OurSampling implements Ours {
  private static final StepDraws DRAWS = new StepDraws(1, 0);

  private final HeadSampling work;
  private final Device device;
  private final GenDD method;
  private final float[] feature;
  private final float[][] inputs;

  OurSampling(HeadSampling work, Device device) {
    this.work = work;
    this.device = device;
    var student = Module.on(device, 1, Backbones.named("resnet8x4").make());
    var teacher = Module.on(device, 2, Backbones.named("resnet32x4").make());
    GenDDOptions options = GenDDOptions.SMALL.unlabelled().width(work.width());
    method = Module.on(device, 3, new GenDD(student, new Teacher(teacher), options));
    DenoisingHead head = (DenoisingHead) method.find("head");
    var random = Ours.random();
    OurHeadTraining.waken(head, random);
    feature = Ours.draws(random, work.images() * HeadShape.CONDITION);

    List<float[]> all = new ArrayList<>();
    for (Tensor p : head.parameters().values()) all.add(p.toFloats());
    for (Tensor p : method.find("norm").parameters().values()) all.add(p.toFloats());
    all.add(feature);
    int numbers = work.tokens() * HeadShape.TOKEN;
    float[] noise = new float[numbers], steps = new float[HeadSampling.STEPS * numbers];
    normal(DRAWS.of("generation.noise"), noise, 0, numbers);
    for (int i = 0; i < HeadSampling.STEPS; i++) normal(DRAWS.step(i), steps, i * numbers, numbers);
    all.addAll(List.of(noise, steps));
    inputs = all.toArray(float[][]::new);
  }

  private void normal(Philox draws, float[] to, int at, int numbers) {
    Span s = device.take(numbers);
    device.kernels().normal(draws, s);
    device.read(s, to, at);
    device.give(s);
  }

  @Override
  public float[][] inputs() {
    return inputs;
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public void run() {
    generate();
  }

  private float[] generate() {
    return Tape.infer(
        device,
        tape -> {
          Tensor x = tape.input(Shape.of(work.images(), HeadShape.CONDITION), feature);
          return method.generate(x, Sampling.PAPER, DRAWS, Sampler.Path.UNSEEN).toFloats();
        });
  }

  @Override
  public float[][] results() {
    return new float[][] {generate()};
  }
}
