package retort.gendd;

import java.util.Arrays;
import retort.nn.Module;
import retort.nn.backbone.Backbone;
import retort.nn.backbone.Backbones;
import retort.nn.optim.AdamW;
import retort.nn.optim.ParameterGroup;
import retort.tensor.Device;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Small nets and batches of 8x8 images that the tests of methods share.
public final class Toy {
  public static final Shape IMAGE = Shape.of(8, 8, 1);
  public static final int BATCH = 8, CLASSES = 4;

  public final Device device;

  public Toy() {
    this(Device.cpu(1));
  }

  public Toy(Device device) {
    this.device = device;
  }

  public Backbone net(String name, long seed) {
    Backbone net = Backbones.make(name, 1, CLASSES);
    return Module.on(device, seed, net);
  }

  public Backbone student() {
    return net("resnet8", 1);
  }

  /// A teacher with a feature of 128 whose statistics fit the images.
  public Teacher teacher() {
    Backbone net = net("wrn_16_2", 2);
    for (int i = 0; i < 20; i++) {
      int step = i;
      Tape.train(
          device,
          tape -> {
            net.embed(images(tape, step));
            return null;
          });
    }
    return new Teacher(net);
  }

  public static Tensor images(Tape tape, long step) {
    int[] label = labels();
    Tensor noise = tape.normal(Shape.of(BATCH, 8, 8, 1), Philox.of(3, "toy.images", step)).mul(0.3);
    double[] shift = Arrays.stream(label).mapToDouble(c -> c - 1.5).toArray();
    return noise.add(tape.input(Shape.of(BATCH, 1, 1, 1), shift));
  }

  public static int[] labels() {
    return new int[] {0, 1, 2, 3, 0, 1, 2, 3};
  }

  public static Step step(Tape tape, long number) {
    int[] indices = {0, 1, 2, 3, 4, 5, 6, 7};
    return new Step(
        images(tape, number), Labels.of(labels()), indices, 0, new StepDraws(7, number));
  }

  /// Places what the method adds, trains it for some steps, and returns the total loss of each.
  public double[] train(Distiller method, int steps) {
    Module.on(device, 11, method);
    AdamW optimiser = new AdamW(method, .9, .999, groups(method));
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      int number = i;
      losses[i] = Tape.train(device, tape -> method.backward(step(tape, number)).total().item());
      optimiser.step(2e-3);
      optimiser.zeroGrad();
    }
    return losses;
  }

  private static ParameterGroup[] groups(Distiller method) {
    return method.groups(1e-2).toArray(ParameterGroup[]::new);
  }
}
