package retort.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import retort.nn.backbone.ResNet;
import retort.nn.data.Batch;
import retort.nn.data.Batches;
import retort.nn.data.Dataset;
import retort.nn.data.FashionMnist;
import retort.nn.data.Loader;
import retort.nn.data.Views;
import retort.nn.optim.AdamW;
import retort.nn.optim.Optimiser;
import retort.nn.optim.Schedule;
import retort.nn.optim.Sgd;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// Tiny nets learn: a curve that must stay what it is, and a loss that must be reached.
class LearningTest {
  private static final Shape IMAGES = Shape.of(6, 8, 8, 1);

  /// Six images of waves, whose class is their length.
  private static double[] waves() {
    double[] x = new double[IMAGES.size()];
    for (int i = 0; i < x.length; i++) {
      int image = i / 64, row = i / 8 % 8, column = i % 8;
      x[i] = Math.sin((1 + image % 3) * .9 * column + .4 * row + image) + .1 * Math.cos(7 * i);
    }
    return x;
  }

  private static double step(Layer net, Optimiser optimiser, double rate) {
    optimiser.zeroGrad();
    double loss =
        Tape.train(
            net.device(),
            tape -> {
              Tensor l =
                  net.apply(tape.input(IMAGES, waves())).crossEntropy(0, 1, 2, 0, 1, 2).mean();
              tape.backward(l);
              return l.item();
            });
    optimiser.step(rate);
    return loss;
  }

  private static double[] curve(Device device, boolean adam) {
    int[] widths = {4, 4, 8, 8};
    ResNet net = Module.on(device, 3, ResNet.cifar(8, widths, ResNet.Shortcut.PROJECTION, 1, 3));
    Optimiser optimiser = adam ? new AdamW(net, .05) : new Sgd(net, .9, 5e-4);
    Schedule schedule = Schedule.cosine(adam ? .01 : .05, 0, 1, 4, 2);
    double[] losses = new double[8];
    for (int i = 0; i < 8; i++) losses[i] = step(net, optimiser, schedule.at(i / 2, i % 2));
    return losses;
  }

  @Test
  void aResNetsCurveStaysWhatItIs() {
    double[] sgd = {
      1.122263916805,
      1.072632555310,
      0.958955183077,
      0.845056672414,
      0.758251573624,
      0.693074920948,
      0.644265617827,
      0.613297314604
    };
    double[] adam = {
      1.122263916805,
      0.955317069255,
      0.773302419989,
      0.661935850499,
      0.602139246935,
      0.564187943418,
      0.541705734248,
      0.528973983501
    };
    assertThat(curve(Device.reference(), false)).containsExactly(sgd, within(1e-9));
    assertThat(curve(Device.reference(), true)).containsExactly(adam, within(1e-9));
    assertThat(curve(Device.cpu(), false)).containsExactly(sgd, within(2e-3));
  }

  @Test
  void aSmallNetLearnsPicturesOfClothes() {
    Device device = Device.cpu();
    Dataset data = FashionMnist.embedded().train().perClass(20);
    Sequential net =
        Module.on(
            device,
            1,
            new Sequential(
                new Conv2d(1, 8, 5, 4, 2).noBias(),
                new BatchNorm(8),
                Layer.of(Tensor::relu),
                new Conv2d(8, 16, 3, 2, 1),
                Layer.of(x -> x.relu().flatten()),
                new Linear(16 * 16, 10)));
    AdamW optimiser = new AdamW(net, .01);
    Loader loader = Loader.training(Views.plain(data), 50, 1);
    for (int epoch = 0; epoch < 12; epoch++) {
      try (Batches batches = loader.epoch(epoch)) {
        for (Batch b : batches) train(net, optimiser, b);
      }
    }
    Evaluation after = Evaluation.of(net, Views.plain(data), 100);
    assertThat(after.loss()).isLessThan(.2);
    assertThat(after.accuracy()).isGreaterThan(.95);
  }

  private static void train(Layer net, Optimiser optimiser, Batch batch) {
    optimiser.zeroGrad();
    Tape.train(
        net.device(),
        tape -> {
          Tensor x = tape.inputFrom(Shape.of(batch.size(), 32, 32, 1), batch.images);
          int[] labels = Arrays.copyOf(batch.labels, batch.size());
          tape.backward(net.apply(x).crossEntropy(labels).mean());
          return null;
        });
    optimiser.step(.01);
  }
}
