package retort.experiments.bench;

import java.util.ArrayList;
import java.util.List;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.optim.Sgd;
import retort.tensor.Device;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// The training step of a classifier, written as a user would.
final class OurTraining implements Ours {
  private final TrainingStep step;
  private final Device device;
  private final Backbone net;
  private final Sgd optimiser;
  private final float[] images;
  private final int[] labels;
  private final float[][] inputs;

  OurTraining(TrainingStep step, Device device) {
    this.step = step;
    this.device = device;
    net = Module.on(device, 1, Backbones.named(step.net()).make());
    optimiser = new Sgd(net, TrainingStep.MOMENTUM, TrainingStep.DECAY);
    images = Ours.draws(Ours.random(), step.images().size());
    labels = step.labels();
    List<float[]> all = new ArrayList<>();
    for (Tensor p : net.parameters().values()) all.add(p.toFloats());
    all.add(images);
    inputs = all.toArray(float[][]::new);
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
    double loss =
        Tape.train(
            device,
            tape -> {
              Tensor logits = net.apply(tape.input(step.images(), images));
              Tensor mean = logits.crossEntropy(labels).mean();
              tape.backward(mean);
              return mean.item();
            });
    optimiser.step(TrainingStep.RATE);
    optimiser.zeroGrad();
    return loss;
  }

  @Override
  public float[][] results() {
    return Ours.losses(TrainingStep.COMPARED, this::loss);
  }
}
