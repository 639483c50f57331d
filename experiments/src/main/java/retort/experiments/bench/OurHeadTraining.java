package retort.experiments.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import retort.gendd.diffusion.DenoisingHead;
import retort.gendd.diffusion.Diffusion;
import retort.gendd.diffusion.NoiseSchedule;
import retort.gendd.diffusion.Prediction;
import retort.nn.Module;
import retort.nn.optim.AdamW;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The training step of the denoising head.
final class OurHeadTraining implements Ours {
  private static final Diffusion DIFFUSION =
      new Diffusion(NoiseSchedule.cosine(HeadTraining.STEPS), Prediction.NOISE);

  private final HeadTraining step;
  private final Device device;
  private final DenoisingHead head;
  private final AdamW optimiser;
  private final double[] z;
  private final float[] x0;
  private final float[] eps;
  private final float[][] inputs;

  OurHeadTraining(HeadTraining step, Device device) {
    this.step = step;
    this.device = device;
    head = Module.on(device, 1, new DenoisingHead(HeadShape.of(step.width())));
    optimiser = new AdamW(head, 0);
    var random = Ours.random();
    waken(head, random);
    List<float[]> all = new ArrayList<>();
    for (Parameter p : head.parameters().values()) all.add(p.toFloats());
    float[] condition = Ours.draws(random, HeadShape.IMAGES * HeadShape.CONDITION);
    x0 = Ours.draws(random, step.rows() * HeadShape.TOKEN);
    eps = Ours.draws(random, step.rows() * HeadShape.TOKEN);
    z = new double[condition.length];
    for (int i = 0; i < z.length; i++) z[i] = condition[i];
    all.addAll(List.of(condition, x0, eps));
    inputs = all.toArray(float[][]::new);
  }

  /// A new head says 0 and hands nothing back; with small numbers in place of its zeros it is like
  /// one in training.
  static void waken(DenoisingHead head, SplittableRandom random) {
    for (Parameter p : head.parameters().values()) {
      float[] values = p.toFloats(), small = Ours.draws(random, values.length);
      for (int i = 0; i < values.length; i++) if (values[i] == 0) values[i] = 0.02f * small[i];
      p.set(values);
    }
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
    loss();
  }

  private double loss() {
    int[] t = step.steps();
    double[] time = Arrays.stream(t).asDoubleStream().toArray();
    Shape rows = Shape.of(step.rows(), HeadShape.TOKEN);
    double loss =
        Tape.train(
            device,
            tape -> {
              Tensor condition =
                  head.condition(
                      tape.variable(Shape.of(HeadShape.IMAGES, HeadShape.CONDITION), z),
                      step.image(),
                      step.place(),
                      step.keep());
              Tensor clean = tape.input(rows, x0), noise = tape.input(rows, eps);
              Tensor said = head.apply(DIFFUSION.qSample(clean, t, noise), time, condition);
              Tensor mean = DIFFUSION.trainingLosses(said, clean, noise, t).mean().total();
              tape.backward(mean);
              return mean.item();
            });
    optimiser.step(HeadTraining.RATE);
    optimiser.zeroGrad();
    return loss;
  }

  @Override
  public float[][] results() {
    return Ours.losses(HeadTraining.COMPARED, this::loss);
  }
}
