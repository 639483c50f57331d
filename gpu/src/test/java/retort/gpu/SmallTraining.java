package retort.gpu;

import java.util.ArrayList;
import java.util.List;
import retort.tensor.Device;
import retort.tensor.Parameter;
import retort.tensor.Philox;
import retort.tensor.Shape;
import retort.tensor.Span;
import retort.tensor.Tape;
import retort.tensor.Tensor;

/// A training of a few layers in which everything changes that changes from step to step: the
/// images, the labels, the rate, the corrections of AdamW, what dropout drops.
final class SmallTraining {
  private static final int CLASSES = 5;

  private final Device device;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Span> moments = new ArrayList<>();
  private int steps;

  SmallTraining(Device device) {
    this.device = device;
    for (int[] shape : new int[][] {{6, 3, 3, 2}, {6, 3, 3, 6}, {CLASSES, 96}, {CLASSES}}) {
      Shape s = Shape.of(shape);
      double[] values = new double[s.size()];
      Philox draws = Philox.of(1, "weights", parameters.size());
      for (int i = 0; i < values.length; i++) values[i] = 0.4 * draws.uniform(i) - 0.2;
      parameters.add(Parameter.of(device, s, values));
      for (int i = 0; i < 2; i++) {
        Span moment = device.take(s.size());
        device.kernels().fill(0, moment);
        moments.add(moment);
      }
    }
  }

  /// Returns the loss.
  double step(int images) {
    steps++;
    double loss =
        Tape.train(
            device,
            tape -> {
              Tensor l = net(tape, images).crossEntropy(labels(images)).mean();
              tape.backward(l);
              return l.item();
            });
    update();
    return loss;
  }

  private Tensor net(Tape tape, int images) {
    float[] pixels = new float[images * 4 * 4 * 2];
    for (int i = 0; i < pixels.length; i++) pixels[i] = (float) Math.sin(i + 0.1 * steps);
    Philox drop = Philox.of(1, "dropout", steps);
    Tensor x = tape.input(Shape.of(images, 4, 4, 2), pixels);
    x = x.conv2d(parameters.get(0), null, 1, 1, 1).tanh();
    x = x.conv2d(parameters.get(1), null, 1, 1, 1).silu().dropout(0.3, drop);
    return x.reshape(images, 96).linear(parameters.get(2), parameters.get(3));
  }

  private int[] labels(int images) {
    int[] labels = new int[images];
    for (int i = 0; i < images; i++) labels[i] = (i + steps) % CLASSES;
    return labels;
  }

  private void update() {
    double rate = 0.01 / steps, c1 = 1 - Math.pow(0.9, steps), c2 = 1 - Math.pow(0.999, steps);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter p = parameters.get(i);
      Span m = moments.get(2 * i), v = moments.get(2 * i + 1), g = p.gradSpan();
      device.kernels().adamW(rate, 0.9, 0.999, 1e-8, 0.01, c1, c2, g, m, v, p.span());
      device.kernels().sgd(rate, 0, false, 0, g, null, p.span());
      p.zeroGrad();
    }
  }

  /// All weights, one after another.
  List<float[]> weights() {
    return parameters.stream().map(Tensor::toFloats).toList();
  }
}
