package retort.nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import retort.nn.Init;
import retort.nn.Linear;
import retort.nn.Module;
import retort.nn.PathPattern;
import retort.nn.Sequential;
import retort.tensor.Device;
import retort.tensor.Shape;
import retort.tensor.Tape;

/// One weight whose gradient is a known number, followed by hand.
class OptimiserTest {
  private final Device device = Device.reference();

  private Sequential weight(double start) {
    Linear l = new Linear(1, 1).noBias().init(Init.constant(start), Init.zeros());
    return Module.on(device, 1, new Sequential(l));
  }

  private double value(Module m) {
    return m.parameters().get("0.weight").item();
  }

  /// Gives the weight the gradient `g`.
  private void backward(Sequential m, double g) {
    Tape.train(
        device,
        t -> {
          t.backward(m.apply(t.input(Shape.of(1, 1), new double[] {g})).sum());
          return null;
        });
  }

  private double after(Sequential m, Optimiser opt, double rate, double... gradients) {
    for (double g : gradients) {
      opt.zeroGrad();
      backward(m, g);
      opt.step(rate);
    }
    return value(m);
  }

  @Test
  void sgdWithMomentumAndDecay() {
    Sequential m = weight(2);
    double w = 2, v = 0;
    for (double g : new double[] {1, -3, .5}) {
      v = .9 * v + g + .01 * w;
      w -= .1 * v;
    }
    assertThat(after(m, new Sgd(m, .9, .01), .1, 1, -3, .5)).isCloseTo(w, within(1e-15));
  }

  @Test
  void sgdWithNesterov() {
    Sequential m = weight(2);
    double w = 2, v = 0;
    for (double g : new double[] {1, -3}) {
      v = .9 * v + g;
      w -= .1 * (g + .9 * v);
    }
    Optimiser opt = new Sgd(m, .9, true, ParameterGroup.all(0));
    assertThat(after(m, opt, .1, 1, -3)).isCloseTo(w, within(1e-15));
  }

  @Test
  void sgdWithoutMomentumKeepsNoState() {
    Sequential m = weight(2);
    Optimiser opt = new Sgd(m, 0, 0);
    assertThat(opt.state()).isEmpty();
    assertThat(after(m, opt, .5, 1)).isEqualTo(1.5);
  }

  @Test
  void adamWWithAMovingBeta2CorrectsByTheCurrentOne() {
    Sequential m = weight(2);
    AdamW opt = new AdamW(m, .05);
    double w = 2, mean = 0, square = 0;
    double[] g = {1, -3, .5}, beta2 = {.95, .97, .999};
    for (int i = 0; i < 3; i++) {
      opt.beta2(beta2[i]);
      after(m, opt, .01, g[i]);
      w *= 1 - .01 * .05;
      mean = .9 * mean + .1 * g[i];
      square = beta2[i] * square + (1 - beta2[i]) * g[i] * g[i];
      double c1 = 1 - Math.pow(.9, i + 1), c2 = 1 - Math.pow(beta2[i], i + 1);
      w -= .01 * (mean / c1) / (Math.sqrt(square) / Math.sqrt(c2) + 1e-8);
    }
    assertThat(value(m)).isCloseTo(w, within(1e-14));
    assertThat(opt.steps()).containsExactly(3);
    assertThat(opt.state().keySet()).containsExactly("0.weight.m", "0.weight.v");
  }

  /// timm's formula, written out for a matrix with decay and a bias without.
  @Test
  void lambGoesAShareOfTheLayersLengthAlongAdamsDirection() {
    Sequential m = Module.on(device, 1, new Sequential(new Linear(2, 1)));
    double[] w = m.parameters().get("0.weight").toDoubles();
    double b = m.parameters().get("0.bias").item(), decay = .02, rate = .005;
    List<ParameterGroup> groups = new ArrayList<>(ParameterGroup.vectors(m));
    groups.add(ParameterGroup.all(decay));
    Lamb opt = new Lamb(m, .9, .999, groups.toArray(ParameterGroup[]::new));
    double[] mean = new double[3], square = new double[3];
    double[][] inputs = {{3, -4}, {.1, .2}, {-1, 2}};
    double[] slopes = {1, .5, -2};
    for (int i = 0; i < inputs.length; i++) {
      backward(m, inputs[i], slopes[i]);
      opt.step(rate);
      opt.zeroGrad();
      double[] g = {slopes[i] * inputs[i][0], slopes[i] * inputs[i][1], slopes[i]};
      double norm = Math.max(1, Math.sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]));
      double[] r = new double[3];
      for (int j = 0; j < 3; j++) {
        mean[j] = .9 * mean[j] + .1 * g[j] / norm;
        square[j] = .999 * square[j] + .001 * g[j] * g[j] / (norm * norm);
        double c1 = 1 - Math.pow(.9, i + 1), c2 = 1 - Math.pow(.999, i + 1);
        r[j] = mean[j] / c1 / (Math.sqrt(square[j] / c2) + 1e-6);
      }
      for (int j = 0; j < 2; j++) r[j] += decay * w[j];
      double trust = Math.hypot(w[0], w[1]) / Math.hypot(r[0], r[1]);
      for (int j = 0; j < 2; j++) w[j] -= rate * trust * r[j];
      b -= rate * r[2];
    }
    assertThat(m.parameters().get("0.weight").toDoubles()).containsExactly(w, within(1e-14));
    assertThat(m.parameters().get("0.bias").item()).isCloseTo(b, within(1e-14));
    assertThat(opt.state().keySet())
        .containsExactly("0.weight.m", "0.weight.v", "0.bias.m", "0.bias.v");
  }

  @Test
  void lambTakesAdamsStepWhereTheWeightIsZero() {
    Sequential m = weight(0);
    assertThat(after(m, new Lamb(m, .9, .999, ParameterGroup.all(.02)), .1, .5))
        .isCloseTo(-.1 * .5 / (.5 + 1e-6), within(1e-14));
  }

  /// Gives the layer's output the gradient `slope` at an input.
  private void backward(Sequential m, double[] input, double slope) {
    Tape.train(
        device,
        t -> {
          t.backward(m.apply(t.input(Shape.of(1, 2), input)).mul(slope).sum());
          return null;
        });
  }

  @Test
  void aParameterWithoutGradientStaysAsItIs() {
    Sequential m = weight(2);
    Optimiser opt = new AdamW(m, .05);
    opt.step(.1);
    assertThat(value(m)).isEqualTo(2);
    assertThat(opt.steps()).containsExactly(0);
  }

  @Test
  void groupsAreChosenByTheFirstPatternThatMatches() {
    Sequential m =
        Module.on(device, 1, new Sequential(new Linear(2, 2)).add("head", new Linear(2, 2)));
    m.freeze("head.bias");
    ParameterGroup head = new ParameterGroup(new PathPattern("head"), .1, 0);
    Optimiser opt = new Sgd(m, 0, false, head, ParameterGroup.all(.05));
    assertThat(opt.groups().keySet()).containsExactly("0.weight", "0.bias", "head.weight");
    assertThat(opt.groups().get("head.weight")).isSameAs(head);
    assertThat(opt.groups().get("0.bias").weightDecay()).isEqualTo(.05);
    assertThatThrownBy(() -> new Sgd(m, 0, false, ParameterGroup.of("haed", 0)))
        .hasMessageContaining("no path matches 'haed'; did you mean 'head'?");
    assertThatThrownBy(() -> new Sgd(m, 0, false, head))
        .hasMessage("optimiser: no group takes '0.weight'; end with ParameterGroup.all");
    assertThatThrownBy(() -> new ParameterGroup(new PathPattern("*"), -1, 0))
        .hasMessageContaining("must not be negative");
    m.freeze("*");
    assertThatThrownBy(() -> new Sgd(m, 0, 0)).hasMessageContaining("none of the 4 parameters");
  }

  @Test
  void aGroupsRateMultipliesTheSteps() {
    Sequential m = weight(2);
    Optimiser opt = new Sgd(m, 0, false, new ParameterGroup(new PathPattern("*"), .1, 0));
    assertThat(after(m, opt, 1, 1)).isCloseTo(1.9, within(1e-15));
  }

  @Test
  void clippingShortensTheGradientToTheNorm() {
    Sequential m = Module.on(device, 1, new Sequential(new Linear(2, 1).noBias()));
    Optimiser opt = new Sgd(m, 0, 0);
    Tape.train(
        device,
        t -> {
          t.backward(m.apply(t.input(Shape.of(1, 2), 3, -4)).sum());
          return null;
        });
    opt.clip(10);
    assertThat(opt.gradientNorm()).isEqualTo(5);
    opt.clip(1);
    assertThat(opt.gradientNorm()).isCloseTo(1, within(1e-6));
    assertThat(m.parameters().get("0.weight").grad().toDoubles()[1]).isCloseTo(-.8, within(1e-6));
  }

  @Test
  void senselessSettingsAreRefused() {
    Sequential m = weight(1);
    assertThatThrownBy(() -> new Sgd(m, 1, 0))
        .hasMessage("sgd: the momentum must lie in [0, 1), got 1.0");
    assertThatThrownBy(() -> new AdamW(m, 0).beta2(1.5))
        .hasMessage("adamW: beta2 must lie in [0, 1), got 1.5");
    assertThatThrownBy(() -> new Lamb(m, 1, .999, ParameterGroup.all(0)))
        .hasMessage("lamb: beta1 must lie in [0, 1), got 1.0");
    assertThatThrownBy(() -> new AdamW(m, 0).resume(new long[2]))
        .hasMessage("optimiser: 2 step counts for 1 parameters");
  }
}
